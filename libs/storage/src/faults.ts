import { LogpipeError } from '@logpipe/core'

interface RestFault {
  statusCode?: number
  code?: string
  message: string
  request?: { url?: string }
  details?: { errorCode?: string }
  response?: { headers?: { get(name: string): string | undefined } }
}

const fault = (error: unknown): RestFault => (typeof error === 'object' && error !== null ? (error as RestFault) : { message: String(error) })

export const statusOf = (error: unknown): number => fault(error).statusCode ?? 0
export const codeOf = (error: unknown): string => fault(error).details?.errorCode ?? fault(error).code ?? ''

const NETWORK = new Set(['REQUEST_SEND_ERROR', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'PARSE_ERROR', 'ERR_STREAM_PREMATURE_CLOSE'])
const AGAIN = new Set([408, 429, 500, 502, 503, 504])

/** A truncated body surfaces as AbortError though nobody aborted: that is a short fault too. */
export const isShortFault = (error: unknown, aborted: boolean): boolean => {
  if (aborted || error instanceof LogpipeError) return false
  const { code, statusCode, message } = fault(error)
  if (statusCode !== undefined) return AGAIN.has(statusCode)
  return NETWORK.has(code ?? '') || (error instanceof Error && (error.name === 'AbortError' || /aborted|terminated|socket hang up/.test(message)))
}

/** ms that the server asks to wait, or null. */
export const retryAfterMs = (error: unknown): number | null => {
  const header = fault(error).response?.headers?.get('retry-after')
  const seconds = header === undefined ? Number.NaN : Number(header)
  return Number.isFinite(seconds) ? Math.min(seconds, 30) * 1000 : null
}

/** What is left after the retries, as a coded error. URLs lose their query: it may hold a signature. */
export function toLogpipeError(error: unknown, operation: string, name: string, endpoint: string): unknown {
  if (error instanceof LogpipeError) return error
  const { statusCode, code, message } = fault(error)
  if (statusCode === 401 || statusCode === 403) return new LogpipeError('STORAGE_REFUSED', { endpoint, status: statusCode, detail: codeOf(error) }, { cause: error })
  if (statusCode === undefined && NETWORK.has(code ?? '')) return new LogpipeError('STORAGE_UNREACHABLE', { endpoint, detail: code ?? '' }, { cause: error })
  if (error instanceof Error && error.name === 'AbortError') return error
  const detail = statusCode === undefined ? message.split('\n')[0] : `${statusCode} ${codeOf(error)}`
  return new LogpipeError('STORAGE_FAILED', { operation, name, detail }, { cause: error })
}
