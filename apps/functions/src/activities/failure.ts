import type { LogpipeError } from '@logpipe/core'
import type { Outcome } from '../orchestrators/messages.ts'

/** An error as the value that the orchestrator decides by. */
export const failure = (error: LogpipeError): Extract<Outcome<never>, { ok: false }> => {
  const { retryAfterMs } = error.fields
  return { ok: false, error: error.toDocument(), kind: error.entry.class, retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null }
}
