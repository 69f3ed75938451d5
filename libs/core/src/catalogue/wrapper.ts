import { encode, readInt, startsWith, trimmedEnd } from './bytes.ts'

/** What sshd puts before and after any message; stripped before matching and put back into the template's text. */
export const PREFIXES = ['', 'error: ', 'fatal: '] as const
export const PREAUTH = ' [preauth]'
export const SUFFIXES = ['', PREAUTH, ' [postauth]'] as const

export const REPEATED = 'message repeated '
export const TIMES = ' times: [ '
/** syslog daemons wrap a wrapped line again; deeper than this it is text. */
export const MAX_LEVELS = 4
/** Digits of one N; the product is kept within a 32-bit integer. */
export const MAX_REPEAT_DIGITS = 9
export const MAX_REPEAT = 2147483647

const prefixes = PREFIXES.map(encode)
const suffixes = SUFFIXES.map(encode)
const repeated = encode(REPEATED)
const times = encode(TIMES)
const M = 0x6d
const CLOSE = 0x5d

/** Finds the body of a message. One object is used again and again: `unwrap` overwrites its fields. */
export class Wrapper {
  bodyStart = 0
  bodyEnd = 0
  /** bodyEnd without the spaces at its end. */
  bodyTrimmed = 0
  repeat = 1
  levels = 0
  /** Index in PREFIXES and SUFFIXES. */
  prefix = 0
  suffix = 0

  unwrap(bytes: Uint8Array, from: number, to: number): void {
    let start = from
    let end = to
    let trimmed = trimmedEnd(bytes, start, end)
    this.repeat = 1
    this.levels = 0
    while (bytes[start] === M && this.levels < MAX_LEVELS && bytes[trimmed - 1] === CLOSE && startsWith(bytes, repeated, start, trimmed)) {
      const digits = start + repeated.length
      let after = digits
      while (after < trimmed && (bytes[after] as number) >= 0x30 && (bytes[after] as number) <= 0x39) after++
      const n = readInt(bytes, digits, after, MAX_REPEAT_DIGITS)
      // The last byte is the wrapper's bracket, so the opening must end before it.
      if (n < 1 || !startsWith(bytes, times, after, trimmed - 1)) break
      this.repeat = Math.min(this.repeat * n, MAX_REPEAT)
      this.levels++
      start = after + times.length
      end = trimmed - 1
      trimmed = trimmedEnd(bytes, start, end)
    }
    this.prefix = 0
    for (let i = 1; i < prefixes.length; i++) {
      const prefix = prefixes[i] as Uint8Array
      if (bytes[start] === prefix[0] && startsWith(bytes, prefix, start, end)) this.prefix = i
    }
    start += (prefixes[this.prefix] as Uint8Array).length
    this.suffix = 0
    if (bytes[trimmed - 1] === CLOSE) {
      for (let i = 1; i < suffixes.length && this.suffix === 0; i++) {
        const suffix = suffixes[i] as Uint8Array
        if (trimmed - suffix.length >= start && startsWith(bytes, suffix, trimmed - suffix.length, trimmed)) this.suffix = i
      }
    }
    if (this.suffix > 0) {
      end = trimmed - (suffixes[this.suffix] as Uint8Array).length
      trimmed = trimmedEnd(bytes, start, end)
    }
    this.bodyStart = start
    this.bodyEnd = end
    this.bodyTrimmed = Math.max(trimmed, start)
  }

  /** Whether sshd says that nobody has logged in on the connection yet. */
  get preauth(): boolean {
    return SUFFIXES[this.suffix] === PREAUTH
  }

  /** Number below 45 that stands for the wrapping, for caches. */
  get key(): number {
    return (this.levels * PREFIXES.length + this.prefix) * SUFFIXES.length + this.suffix
  }

  /** `body` with the wrapping around it, each N as `<*>`. */
  wrap(body: string): string {
    const text = `${PREFIXES[this.prefix] ?? ''}${body}${SUFFIXES[this.suffix] ?? ''}`
    return `${`${REPEATED}<*>${TIMES}`.repeat(this.levels)}${text}${']'.repeat(this.levels)}`
  }
}
