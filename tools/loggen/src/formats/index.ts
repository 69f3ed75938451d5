import type { Header } from './format.ts'
import { journald } from './journald.ts'
import { rfc3164 } from './rfc3164.ts'
import { rfc3339 } from './rfc3339.ts'
import { rfc5424 } from './rfc5424.ts'

/** One line a header form. Each call makes a writer of its own, since writers remember the last second. */
export const formats = {
  rfc3164,
  rfc3339,
  rfc5424,
  journald,
} satisfies Record<string, () => Header>

export type FormatName = keyof typeof formats
