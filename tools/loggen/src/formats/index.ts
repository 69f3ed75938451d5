import type { Header } from './format.ts'
import { rfc3164 } from './rfc3164.ts'

/** One line a header form. Each call makes a writer of its own, since writers remember the last second. */
export const formats = {
  rfc3164,
} satisfies Record<string, () => Header>

export type FormatName = keyof typeof formats
