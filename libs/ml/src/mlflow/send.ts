import { LogpipeError, retryAfterMs, serviceUrlFault } from '@logpipe/core'

export interface MlflowSettings {
  /** https, or http on loopback; a path before /api stays. No user, query or fragment. */
  readonly url: string
  /** Basic login; wins over nothing, loses against `token`. Empty is unset. */
  readonly username?: string
  readonly password?: string
  /** Bearer token. */
  readonly token?: string
  /** Limit of one call. */
  readonly timeoutMs?: number
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the server's URL, encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Bytes go as they are, anything else as JSON. */
  readonly body?: object
}

/**
 * One call, once: no retries, no redirects. Gives the answer's JSON. Throws MLFLOW_UNREACHABLE (field `retryAfterMs`), MLFLOW_REFUSED,
 * MLFLOW_SETTING_WRONG (what answers is no MLflow) and MLFLOW_REJECTED (field `errorCode`: MLflow's own).
 */
export type Send = (call: Call, signal: AbortSignal) => Promise<unknown>

const TIMEOUT_MS = 15_000
const AWAY = new Set([408, 425, 429, 500, 502, 503, 504])

/** Throws MLFLOW_SETTING_WRONG, which never repeats the URL: it may hold a password. */
function baseOf(text: string): string {
  const wrong = (detail: string): LogpipeError => new LogpipeError('MLFLOW_SETTING_WRONG', { detail })
  const url = URL.parse(text)
  if (!url) throw wrong('The URL cannot be read.')
  if (url.username || url.password) throw wrong('The URL holds a user or a password.')
  if (url.search || url.hash) throw wrong('The URL holds a query or a fragment.')
  const fault = serviceUrlFault(url)
  if (fault === 'scheme') throw wrong('It is neither https nor http on loopback.')
  if (fault === 'link-local') throw wrong('A link-local address is refused.')
  return url.href.replace(/\/+$/, '')
}

function authorization({ token, username, password }: MlflowSettings): Record<string, string> {
  if (token) return { authorization: `Bearer ${token}` }
  return username ? { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` } : {}
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Throws MLFLOW_SETTING_WRONG at once where the URL may not be called. */
export function createSend(settings: MlflowSettings): { readonly endpoint: string; readonly send: Send } {
  const endpoint = baseOf(settings.url)
  const headers = authorization(settings)
  const secrets = [settings.token, settings.password, headers['authorization']?.split(' ')[1]].filter((secret) => secret !== undefined && secret !== '')
  /** A server may repeat what it was sent. */
  const clean = (text: string): string => secrets.reduce<string>((rest, secret) => rest.replaceAll(secret!, '***'), text).split('\n')[0]!.slice(0, 300)

  function check(response: Response, text: string, call: string): unknown {
    const { status } = response
    // A file that is put is answered by nothing.
    const answer = call.startsWith('PUT ') && text === '' ? {} : parse(text)
    if (status >= 300 && status < 400) throw new LogpipeError('MLFLOW_SETTING_WRONG', { detail: `${endpoint} redirects, which is not followed.` })
    if (response.ok && answer) return answer
    if (status === 401 || status === 403) throw new LogpipeError('MLFLOW_REFUSED', { endpoint, status, call })
    const errorCode = typeof answer?.['error_code'] === 'string' ? answer['error_code'] : null
    if (AWAY.has(status) && !(status === 500 && errorCode)) {
      throw new LogpipeError('MLFLOW_UNREACHABLE', { endpoint, detail: `${call} was answered by ${status}`, retryAfterMs: retryAfterMs(response) })
    }
    // 413 comes from a proxy before MLflow, and is about this body alone.
    if (errorCode === null && status !== 413) throw new LogpipeError('MLFLOW_SETTING_WRONG', { detail: `${endpoint} does not answer as MLflow does (${status} to ${call}).` })
    const said = typeof answer?.['message'] === 'string' ? answer['message'] : ''
    throw new LogpipeError('MLFLOW_REJECTED', { call, errorCode, detail: clean(`${status} ${errorCode ?? ''} ${said}`).trim() })
  }

  const send: Send = async ({ method, path, query, body }, signal) => {
    const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS
    const limit = AbortSignal.timeout(timeoutMs)
    const json = body !== undefined && !(body instanceof Uint8Array)
    let response: Response
    let text: string
    try {
      response = await fetch(`${endpoint}${path}${query ? `?${String(new URLSearchParams(query))}` : ''}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([signal, limit]),
        headers: { ...headers, ...(body ? { 'content-type': json ? 'application/json' : 'application/octet-stream' } : {}) },
        ...(body ? { body: json ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) } : {}),
      })
      text = await response.text()
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
      const detail = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : typeof code === 'string' ? code : (error as Error).name
      throw new LogpipeError('MLFLOW_UNREACHABLE', { endpoint, detail, retryAfterMs: null }, { cause: error })
    }
    return check(response, text, `${method} ${path}`)
  }
  return { endpoint, send }
}
