import { LogpipeError, retryAfterMs, scrub, serviceUrlFault } from '@logpipe/core'
import { DelegateBackoff, handleWhen, type IRetryBackoffContext, retry } from 'cockatiel'
import { createLogin, type LoginSettings } from './login.ts'

export interface DatabricksSettings extends LoginSettings {
  /** https://adb-….azuredatabricks.net; http on loopback only. */
  readonly host: string
  /** Limit of one try. */
  readonly timeoutMs?: number
  /** Before the second try; doubles. */
  readonly firstWaitMs?: number
}

export interface Call {
  readonly method: 'GET' | 'POST'
  /** e.g. `/api/2.2/jobs/get` */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: object
  /** False: a lost answer may mean that it was done, and doing it twice would matter. */
  readonly repeatable?: boolean
}

/**
 * One call with its short faults retried. Gives the answer's JSON. Throws DATABRICKS_UNREACHABLE, _THROTTLED, _LOGIN_REFUSED, _FORBIDDEN,
 * and DATABRICKS_REJECTED with the fields `status` and `errorCode` (Databricks' own). No message holds a secret.
 */
export type Send = (call: Call, signal?: AbortSignal) => Promise<unknown>

const TRIES = 5
const TIMEOUT_MS = 30_000
const FIRST_WAIT_MS = 200
const MOST_WAIT_MS = 30_000
/** Of 500 the work may have been begun: Databricks names TEMPORARILY_UNAVAILABLE by 503. */
const AWAY = new Set([408, 500, 502, 503, 504])

/** Origin of the workspace. Throws DATABRICKS_SETTING_WRONG, which never repeats the URL: it may hold a password. */
export function workspaceOrigin(host: string): string {
  const wrong = (detail: string): LogpipeError => new LogpipeError('DATABRICKS_SETTING_WRONG', { detail })
  if (host === '') throw wrong('DATABRICKS_HOST is not set.')
  const url = URL.parse(/^[a-z]+:\/\//i.test(host) ? host : `https://${host}`)
  if (!url) throw wrong('DATABRICKS_HOST cannot be read as a URL.')
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') throw wrong('DATABRICKS_HOST is more than the address of a workspace.')
  const fault = serviceUrlFault(url)
  if (fault === 'scheme') throw wrong('DATABRICKS_HOST is neither https nor http on loopback.')
  if (fault === 'link-local') throw wrong('DATABRICKS_HOST is a link-local address.')
  return url.origin
}

const waitOf = (response: Response): number | null => {
  const ms = retryAfterMs(response)
  return ms === null ? null : Math.min(ms, MOST_WAIT_MS)
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function check(response: Response, text: string, call: string): unknown {
  const { status } = response
  const answer = parse(text)
  if (response.ok && answer) return answer
  if (status === 401) throw new LogpipeError('DATABRICKS_LOGIN_REFUSED', { call })
  if (status === 429) throw new LogpipeError('DATABRICKS_THROTTLED', { call, retryAfterMs: waitOf(response) })
  if (AWAY.has(status)) throw new LogpipeError('DATABRICKS_UNREACHABLE', { call, detail: String(status), retryAfterMs: waitOf(response) })
  const errorCode = typeof answer?.['error_code'] === 'string' ? answer['error_code'] : null
  // A redirect, a login page, or nothing that answers as the API does.
  if (errorCode === null) throw new LogpipeError('DATABRICKS_SETTING_WRONG', { detail: `No workspace answers at DATABRICKS_HOST (${status} to ${call}).` })
  const said = typeof answer?.['message'] === 'string' ? scrub(answer['message']).split('\n')[0]!.slice(0, 300) : ''
  if (status === 403) throw new LogpipeError('DATABRICKS_FORBIDDEN', { call, errorCode, detail: `${errorCode} ${said}`.trim() })
  throw new LogpipeError('DATABRICKS_REJECTED', { call, status, errorCode, detail: `${errorCode}: ${said}` })
}

const wait = (firstMs: number) => ({ attempt, result }: IRetryBackoffContext<unknown>): number => {
  const asked = 'error' in result && result.error instanceof LogpipeError ? Number(result.error.fields['retryAfterMs'] ?? 0) : 0
  // Those that were refused together do not come back together.
  return Math.max(firstMs * 2 ** (attempt - 1), asked) * (1 + Math.random() / 2)
}

/** Throws DATABRICKS_SETTING_WRONG at once where the host may not be called. */
export function createSend(settings: DatabricksSettings): { readonly host: string; readonly send: Send } {
  const host = workspaceOrigin(settings.host)
  const login = createLogin(host, settings)
  const { timeoutMs = TIMEOUT_MS, firstWaitMs = FIRST_WAIT_MS } = settings

  async function once({ method, path, query, body }: Call, signal?: AbortSignal): Promise<unknown> {
    const call = `${method} ${path}`
    const limit = AbortSignal.timeout(timeoutMs)
    const either = signal ? AbortSignal.any([signal, limit]) : limit
    let response: Response
    let text: string
    try {
      const search = new URLSearchParams(Object.fromEntries(Object.entries(query ?? {}).map(([key, value]) => [key, String(value)])))
      response = await fetch(`${host}${path}${query ? `?${String(search)}` : ''}`, {
        method,
        redirect: 'manual',
        signal: either,
        headers: { authorization: `Bearer ${await login(either)}`, 'user-agent': 'logpipe/0.1', ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      text = await response.text()
    } catch (error) {
      if (error instanceof LogpipeError) throw error
      signal?.throwIfAborted()
      const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
      const detail = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : typeof code === 'string' ? code : (error as Error).name
      throw new LogpipeError('DATABRICKS_UNREACHABLE', { call, detail }, { cause: error })
    }
    return check(response, text, call)
  }

  const short = (error: unknown, repeatable: boolean): boolean =>
    error instanceof LogpipeError && (error.code === 'DATABRICKS_THROTTLED' || (error.code === 'DATABRICKS_UNREACHABLE' && repeatable))
  return {
    host,
    send: (call, signal) =>
      retry(
        handleWhen((error) => short(error, call.repeatable ?? true)),
        { maxAttempts: TRIES - 1, backoff: new DelegateBackoff(wait(firstWaitMs)) },
      ).execute(() => once(call, signal), signal),
  }
}
