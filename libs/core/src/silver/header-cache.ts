import { startsWith } from '../catalogue/bytes.ts'
import type { HeaderReader } from './header.ts'
import { type Moment, resolve } from './moment.ts'
import type { TimeBase } from './params.ts'

const ZERO = 0x30

/**
 * Most lines have the header of the line before but for seconds, fraction and pid. Remembers the last header as the bytes before the
 * seconds and those between the time and the pid; where both are met again, nothing else of the header needs reading.
 */
export class HeaderCache {
  /** Grows with each header remembered; 0 means that none fitted. What is derived from a header can be kept by this number. */
  version = 0
  #beforeSeconds: Uint8Array = new Uint8Array(0)
  #untilPid: Uint8Array = new Uint8Array(0)
  #moment: Moment | null = null
  #hostFrom = 0
  #hostLength = -1
  #nameFrom = 0
  #nameLength = 0
  #isSshd = false
  /** Of the line that fitted last. */
  seconds = 0

  readonly #base: TimeBase

  constructor(base: TimeBase) {
    this.#base = base
  }

  /** Reads the header into `header` when it is like the one remembered. */
  read(header: HeaderReader, bytes: Uint8Array, start: number, end: number): boolean {
    const before = this.#beforeSeconds
    if (this.#moment === null || !startsWith(bytes, before, start, end)) return false
    let at = start + before.length
    const tens = (bytes[at] as number) - ZERO
    const units = (bytes[at + 1] as number) - ZERO
    if (at + 2 > end || tens < 0 || tens > 5 || units < 0 || units > 9) return false
    at += 2
    let fractionStart = 0
    let fractionEnd = 0
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      fractionStart = ++at
      while (at < end && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= 0x39) at++
      fractionEnd = at
      if (fractionEnd === fractionStart || fractionEnd - fractionStart > 9) return false
    }
    const rest = at
    if (!startsWith(bytes, this.#untilPid, rest, end)) return false
    at += this.#untilPid.length
    const pidStart = at
    let pid = 0
    while (at < end) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) break
      pid = pid * 10 + digit
      at++
    }
    if (at === pidStart || at - pidStart > 10 || at + 2 > end || bytes[at] !== 0x5d || bytes[at + 1] !== 0x3a) return false
    at += 2
    if (at < end && bytes[at++] !== 0x20) return false
    header.moment = this.#moment
    header.fractionStart = fractionStart
    header.fractionEnd = fractionEnd
    header.hostStart = this.#hostLength < 0 ? -1 : rest + this.#hostFrom
    header.hostEnd = this.#hostLength < 0 ? -1 : rest + this.#hostFrom + this.#hostLength
    header.tag.pid = pid
    header.tag.nameStart = rest + this.#nameFrom
    header.tag.nameEnd = rest + this.#nameFrom + this.#nameLength
    header.tag.isSshd = this.#isSshd
    header.messageStart = at
    this.seconds = tens * 10 + units
    return true
  }

  /** Remembers the header just read, when it is of a kind that can come again. */
  remember(header: HeaderReader, bytes: Uint8Array, start: number): void {
    const { tag } = header
    if (header.form !== 'rfc3164' && header.form !== 'rfc3339') return
    if (tag.pidBracket < 0 || tag.nameStart < 0) return
    const moment = this.#wholeMinute(header)
    if (moment === null) return
    this.version++
    this.#moment = moment
    this.#beforeSeconds = bytes.slice(start, header.secondsAt)
    this.#untilPid = bytes.slice(header.timeEnd, tag.pidBracket + 1)
    this.#hostFrom = header.hostStart - header.timeEnd
    this.#hostLength = header.hostStart < 0 ? -1 : header.hostEnd - header.hostStart
    this.#nameFrom = tag.nameStart - header.timeEnd
    this.#nameLength = tag.nameEnd - tag.nameStart
    this.#isSshd = tag.isSshd
  }

  /** The header's minute, when each of its seconds has the same one in UTC. */
  #wholeMinute(header: HeaderReader): Moment | null {
    const first = resolve({ ...header.time, second: 0 }, this.#base)
    const last = resolve({ ...header.time, second: 59 }, this.#base)
    if (first === null || last === null || first.second !== 0 || last.second !== 59) return null
    return first.minute.every((byte, i) => byte === last.minute[i]) ? first : null
  }
}
