import { ApiException } from '@kubernetes/client-node'
import { LogpipeError } from '@logpipe/core'

/** What the API server says of a refusal: `Status` of the Kubernetes API. */
interface Status {
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[] }
}

export const isStatus = (error: unknown, code: number): boolean => error instanceof ApiException && error.code === code

/** Runs one call; null where the object is not there. */
export async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (isStatus(error, 404)) return null
    throw error
  }
}

/** The coded error of what a call threw; `what` names the object or the call. */
export function clusterError(error: unknown, what: string): LogpipeError {
  if (error instanceof LogpipeError) return error
  if (!(error instanceof ApiException)) return new LogpipeError('CLUSTER_UNREACHABLE', { what, detail: reason(error) }, { cause: error })
  const status = statusOf(error)
  const detail = status.message ?? `status ${error.code}`
  if (error.code === 401) return new LogpipeError('CLUSTER_LOGIN_REFUSED', { detail }, { cause: error })
  if (error.code === 403) return new LogpipeError('CLUSTER_FORBIDDEN', { detail }, { cause: error })
  const conflicts = (status.details?.causes ?? []).filter(({ reason: why }) => why === 'FieldManagerConflict')
  if (error.code === 409 && conflicts.length > 0) {
    return new LogpipeError('FIELD_CONFLICT', { object: what, fields: conflicts.map(({ field, message }) => `${field ?? '?'} (${message ?? ''})`).join(', ') }, { cause: error })
  }
  // 500 is no short fault: the server says so of a field that the schema does not have.
  if (error.code === 429 || error.code > 500) return new LogpipeError('CLUSTER_UNREACHABLE', { what, detail }, { cause: error })
  return new LogpipeError('MANIFEST_REFUSED', { object: what, detail }, { cause: error })
}

/** Runs calls of one object and throws coded errors only. */
export async function coded<T>(what: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls()
  } catch (error) {
    // An abort is the caller's own.
    throw error instanceof Error && error.name === 'AbortError' ? error : clusterError(error, what)
  }
}

function statusOf({ body }: ApiException<unknown>): Status {
  try {
    return ((typeof body === 'string' ? JSON.parse(body) : body) as Status | null | undefined) ?? {}
  } catch {
    return { message: String(body).slice(0, 300) }
  }
}

/** `fetch failed` alone says nothing: its cause does. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
