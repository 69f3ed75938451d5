import { LogpipeError } from '@logpipe/core'

/** What a check saw. `fix`: the exact command or setting that mends it, where something is to be mended. */
export type Seen =
  | { readonly status: 'ok' | 'skipped'; readonly seen: string }
  | { readonly status: 'warning' | 'failed'; readonly seen: string; readonly fix: string }

/** One look before a run. It changes nothing and never asks; `id` is permanent. */
export interface PreflightCheck {
  readonly id: string
  /** What goes wrong where this is not as it should be. */
  readonly why: string
  look(signal: AbortSignal): Promise<Seen> | Seen
}

export type Examined = { readonly id: string; readonly why: string } & Seen

export const ok = (seen: string): Seen => ({ status: 'ok', seen })
export const skipped = (seen: string): Seen => ({ status: 'skipped', seen })
export const warning = (seen: string, fix: string): Seen => ({ status: 'warning', seen, fix })
export const failed = (seen: string, fix: string): Seen => ({ status: 'failed', seen, fix })

/** All checks side by side, in their order; one that takes longer than `limitMs` has failed, so that a dead host cannot hold the others up. */
export function examine(checks: readonly PreflightCheck[], limitMs: number): Promise<Examined[]> {
  return Promise.all(checks.map(async (check) => ({ id: check.id, why: check.why, ...(await within(check, limitMs)) })))
}

async function within({ look }: PreflightCheck, limitMs: number): Promise<Seen> {
  const limit = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Seen>((done) => {
    timer = setTimeout(() => {
      limit.abort()
      done(failed(`no answer within ${limitMs / 1000} s`, 'Check the address and the network on the way there (proxy, firewall, private endpoint)'))
    }, limitMs)
  })
  try {
    return await Promise.race([Promise.resolve(look(limit.signal)), late])
  } catch (error) {
    if (!(error instanceof LogpipeError)) return failed(error instanceof Error ? error.message : String(error), 'Run it again with LOGPIPE_DEBUG=1 and report it')
    const { code, cause, fix } = error.toDocument()
    return failed(`${code}: ${cause.trim()}`, fix)
  } finally {
    clearTimeout(timer)
  }
}
