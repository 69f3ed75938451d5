import { asLogpipeError, type ErrorCode, type LogpipeError } from '@logpipe/core'

/** One look at a run: what was seen, or the error when it is not as it must be. */
export interface Finding {
  readonly id: string
  readonly seen: string
  readonly error: LogpipeError | null
}

/** What a look may find wrong with the run itself. Any other error (storage that does not answer) says nothing of the run, and is thrown on. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(['OUTPUT_MISSING', 'OUTPUT_NOT_VALID', 'OUTPUT_CORRUPT', 'COUNTS_DIFFER', 'MODEL_NOT_VALID'])

/** The finding of `see`, which says what it saw, or throws what is wrong. */
export async function look(id: string, see: () => string | Promise<string>): Promise<Finding> {
  try {
    return { id, seen: await see(), error: null }
  } catch (thrown) {
    const error = asLogpipeError(thrown, 'validate')
    if (!FAULTS.has(error.code)) throw thrown
    return { id, seen: error.toDocument().cause, error }
  }
}
