import { stripVTControlCharacters, styleText } from 'node:util'
import { asLogpipeError, type ErrorDocument, LogpipeError, safeText } from '@logpipe/core'
import type { Severity } from '@logpipe/core/detections'

type Format = Parameters<typeof styleText>[0]

/** Style for a stream; plain where it is no terminal or NO_COLOR is set. */
export const style = (format: Format, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  stream.isTTY && !process.env['NO_COLOR'] ? styleText(format, text, { validateStream: false }) : text

/** How each severity looks. */
export const SEVERITY_STYLE: Readonly<Record<Severity, Format>> = { critical: ['red', 'bold'], high: 'red', medium: 'yellow', low: 'cyan', info: 'dim' }

/** Result for people. Callers pass untrusted parts through `safeText`; styles are ours. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Progress and remarks: never on stdout, which holds the result only. */
export const tell = (text: string): void => {
  process.stderr.write(`${safeText(stripVTControlCharacters(text))}\n`)
}

/** `--json`: one envelope on stdout, also on failure. */
export const printJson = (envelope: { ok: true; data: unknown } | { ok: false; error: ErrorDocument }): void => {
  // JSON escapes C0 by itself; DEL, C1 and bidi would reach the terminal.
  process.stdout.write(`${escapeUnsafe(JSON.stringify(envelope, null, 2))}\n`)
}

const escapeUnsafe = (json: string): string => json.replaceAll(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Says the error in the asked form and returns its exit code. */
export function fail(thrown: unknown, json: boolean): number {
  const error = asLogpipeError(thrown, 'logpipe')
  const document = error.toDocument()
  if (json) printJson({ ok: false, error: document })
  else {
    process.stderr.write(`${style(['red', 'bold'], 'error', process.stderr)} ${document.code}: ${safeText(document.message)}\n`)
    process.stderr.write(`  cause  ${safeText(document.cause)}\n  fix    ${safeText(document.fix)}\n  docs   ${document.docs}\n`)
  }
  if (!(thrown instanceof LogpipeError) && process.env['LOGPIPE_DEBUG']) process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  return error.entry.exit
}
