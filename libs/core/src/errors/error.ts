import { ERRORS, type ErrorCode, type ErrorEntry } from './catalogue.ts'

type Fields = Readonly<Record<string, string | number | null | undefined>>

/** What leaves a process: the CLI's `--json`, HTTP answers, run records and activity failures all carry this shape. */
export interface ErrorDocument {
  code: ErrorCode
  message: string
  cause: string
  fix: string
  docs: string
}

const fill = (text: string, fields: Fields): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fields[name]
    return value === undefined || value === null ? whole : String(value)
  })

/** An error with a permanent code; its texts come from the catalogue, its fields from the place that saw it. */
export class LogpipeError extends Error {
  override readonly name = 'LogpipeError'
  readonly code: ErrorCode
  readonly fields: Fields
  #document: ErrorDocument | undefined

  constructor(code: ErrorCode, fields: Fields = {}, options?: { cause?: unknown }) {
    super(`${ERRORS[code].title}: ${fill(ERRORS[code].cause, fields)}`, options)
    this.code = code
    this.fields = fields
  }

  /** An error that was carried as a document (run record, HTTP answer), with its texts as they were. */
  static from(document: ErrorDocument): LogpipeError {
    const error = new LogpipeError(document.code)
    error.#document = document
    error.message = `${document.message}: ${document.cause}`
    return error
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code]
  }

  /** True where the same call may succeed later by itself. */
  get retryable(): boolean {
    return this.entry.class === 'transient' || this.entry.class === 'throttled'
  }

  toDocument(): ErrorDocument {
    if (this.#document) return this.#document
    const { title, cause, fix } = this.entry
    return { code: this.code, message: title, cause: fill(cause, this.fields), fix: fill(fix, this.fields), docs: `docs/errors.md#${this.code.toLowerCase()}` }
  }
}

/** Any thrown thing as a LogpipeError; an unknown one becomes STAGE_FAILED with its own text as detail. */
export function asLogpipeError(error: unknown, stage = 'logpipe', log = 'the terminal'): LogpipeError {
  if (error instanceof LogpipeError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new LogpipeError('STAGE_FAILED', { stage, detail, log }, { cause: error })
}
