import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { asLogpipeError, type RunRecord } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'

const HTTP_STATUS: Partial<Record<string, number>> = {
  BODY_TOO_LARGE: 413,
  BLOB_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  RUN_ENDED: 409,
  RUN_NOT_ENDED: 409,
  STAGE_NOT_REUSABLE: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_KEY_IN_USE: 409,
  STORAGE_UNREACHABLE: 503,
  STORAGE_FAILED: 503,
}

/** 202 with the run's id and where to follow it. */
export function accepted(client: DurableClient, { runId, source }: RunRecord, more: object = {}): HttpResponseInit {
  const { statusQueryGetUri } = client.createHttpManagementPayload(runId)
  return { status: 202, headers: { location: statusQueryGetUri }, jsonBody: { ok: true, data: { runId, source, statusUrl: statusQueryGetUri, ...more } } }
}

/** A route whose errors are answered as `{ok: false, error}` with the fitting status. */
export function answering(what: string, handler: (request: HttpRequest, client: DurableClient) => Promise<HttpResponseInit>) {
  return async (request: HttpRequest, client: DurableClient): Promise<HttpResponseInit> => {
    try {
      return await handler(request, client)
    } catch (caught) {
      const error = asLogpipeError(caught, what)
      return { status: HTTP_STATUS[error.code] ?? (error.entry.class === 'user' ? 400 : 500), jsonBody: { ok: false, error: error.toDocument() } }
    }
  }
}
