import { pidMark } from './texts.ts'
import type { Wording } from './wording.ts'
import { wording9 } from './wording-9.ts'

/** OpenSSH 9.8: the listening process keeps the time of each connection, and knows it by both its ends. */
export const wording98: Wording = {
  ...wording9,
  graceOver: ({ address }, hostAddress) => `Timeout before authentication for connection from ${address} to ${hostAddress}, pid = ${pidMark}`,
}
