import { appendFileSync } from 'node:fs'

/** Effects are lines of the file EFFECTS, so that a test sees them from outside. */
export const effect = (line: string): void => appendFileSync(process.env['EFFECTS'] ?? '', `${line}\n`)
