import { LogpipeError, StageRecord } from '@logpipe/core'
import { z } from 'zod'
import { Fresh } from '../data/cache.ts'

interface Said {
  readonly status: number
  readonly body: { ok: boolean; data?: Record<string, unknown> }
}

const Progress = z.object({ stages: z.array(StageRecord).nullable() })

/** The functions app, asked with its key, which stays here. Null settings: there is none. */
export class FunctionsApp {
  readonly #settings: { readonly url: string; readonly key: string } | null
  readonly #progress = new Fresh<StageRecord[] | null>(300)

  constructor(settings: { readonly url: string; readonly key: string } | null) {
    this.#settings = settings
  }

  get known(): boolean {
    return this.#settings !== null
  }

  /** Throws FUNCTIONS_UNREACHABLE; what the app itself refuses is an answer. */
  async ask(method: string, path: string, body: string | Buffer | null = null, type = 'application/json'): Promise<Said> {
    if (this.#settings === null) throw new LogpipeError('FUNCTIONS_UNREACHABLE', { url: 'LOGPIPE_FUNCTIONS_URL', detail: 'it is not set for this API' })
    const { url, key } = this.#settings
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { 'x-functions-key': key, ...(body === null ? {} : { 'content-type': type }) },
      body: body as string | Uint8Array<ArrayBuffer> | null,
      redirect: 'error',
      signal: AbortSignal.timeout(method === 'GET' ? 5000 : 60_000),
    }).catch((error: unknown) => {
      throw new LogpipeError('FUNCTIONS_UNREACHABLE', { url, detail: 'it does not answer' }, { cause: error })
    })
    const said = (await answer.json().catch(() => null)) as Said['body'] | null
    if (typeof said?.ok !== 'boolean') throw new LogpipeError('FUNCTIONS_UNREACHABLE', { url, detail: `it answered ${answer.status}` })
    if (said.data) delete said.data['statusUrl'] // carries a key of the host
    return { status: answer.status, body: said }
  }

  /** How far the stages of a run are; null where that cannot be told now. */
  stages(runId: string): Promise<StageRecord[] | null> {
    if (!this.known) return Promise.resolve(null)
    return this.#progress.get(runId, () =>
      this.ask('GET', `/api/runs/${runId}`).then(
        ({ body }) => Progress.safeParse(body.data).data?.stages ?? null,
        () => null,
      ),
    )
  }
}
