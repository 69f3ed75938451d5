import { asLogpipeError, type ErrorCode, type ErrorDocument, LogpipeError } from '@logpipe/core'
import type { FastifyError } from 'fastify'

const STATUS: Partial<Record<ErrorCode, number>> = {
  SIGN_IN_NEEDED: 401,
  REQUEST_REFUSED: 403,
  RUN_NOT_FOUND: 404,
  MODEL_NOT_FOUND: 404,
  ANOMALY_NOT_FOUND: 404,
  NOTHING_PUBLISHED: 404,
  OUTPUT_MISSING: 404,
  BLOB_NOT_FOUND: 404,
  RUN_ENDED: 409,
  RUN_NOT_ENDED: 409,
  BODY_TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
}

/** Any thrown thing as status and document. What only waiting or the operator can mend is 503, our own faults 500. */
export function failure(thrown: unknown): { status: number; error: ErrorDocument } {
  const { statusCode, message } = thrown as Partial<FastifyError>
  if (!(thrown instanceof LogpipeError) && statusCode !== undefined && statusCode < 500) {
    const error = statusCode === 413 ? new LogpipeError('BODY_TOO_LARGE', { limit: 'the allowed number of' }) : new LogpipeError('REQUEST_NOT_VALID', { detail: message ?? '' })
    return { status: statusCode, error: error.toDocument() }
  }
  const error = asLogpipeError(thrown, 'API', 'logs/api.log')
  const { class: kind } = error.entry
  return { status: STATUS[error.code] ?? (kind === 'user' ? 400 : kind === 'bug' ? 500 : 503), error: error.toDocument() }
}

export const ok = <T>(data: T): { ok: true; data: T } => ({ ok: true, data })
