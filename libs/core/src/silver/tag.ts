import { encode, readInt, startsWith } from '../catalogue/bytes.ts'

const SSHD = ['sshd', 'sshd-session', 'sshd-auth'].map(encode)

/** Names of the programs whose messages are classified. */
export const SSHD_PROGRAMS = ['sshd', 'sshd-session', 'sshd-auth'] as const

const PID_DIGITS = 10

/** Last place of a byte in [start, end); start - 1 when there is none. */
function lastOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  let i = end - 1
  while (i >= start && bytes[i] !== byte) i--
  return i
}

/** Program and pid of a syslog tag: `sshd[12]`, `/usr/sbin/sshd[12]`, `[sshd]`, `(sshd)`, `sshd(pam_unix)[12]`. */
export class Tag {
  /** nameStart -1: no program. */
  nameStart = -1
  nameEnd = -1
  /** -1: none. */
  pid = -1
  /** Where the bracket before the pid stands; -1 when no pid stands in brackets. */
  pidBracket = -1
  /** Whether it is one of sshd's programs. */
  isSshd = false

  clear(): void {
    this.nameStart = this.nameEnd = this.pid = this.pidBracket = -1
    this.isSshd = false
  }

  read(bytes: Uint8Array, start: number, end: number): void {
    let nameEnd = end
    if (bytes[end - 1] === 0x5d) {
      const open = lastOf(bytes, 0x5b, start, end)
      const pid = open < start ? -1 : readInt(bytes, open + 1, end - 1, PID_DIGITS)
      if (pid >= 0) {
        this.pid = pid
        this.pidBracket = open
        nameEnd = open
      }
    }
    this.setName(bytes, start, nameEnd)
  }

  /** Takes the program's name out of brackets or a path, and off a module in parentheses behind it. */
  setName(bytes: Uint8Array, from: number, to: number): void {
    let start = from
    let end = to
    const first = bytes[start]
    const last = bytes[end - 1]
    if (end - start >= 2 && ((first === 0x5b && last === 0x5d) || (first === 0x28 && last === 0x29))) {
      start++
      end--
    }
    if (end > start && bytes[start] === 0x2f) start = lastOf(bytes, 0x2f, start, end) + 1
    let module = start
    while (module < end && bytes[module] !== 0x28) module++
    if (module > start) end = module
    this.isSshd = false
    if (end <= start) return
    this.nameStart = start
    this.nameEnd = end
    for (const name of SSHD) if (name.length === end - start && startsWith(bytes, name, start, end)) this.isSshd = true
  }
}
