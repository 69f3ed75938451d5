import { Literal, View } from '../catalogue/bytes.ts'
import type { HeaderReader } from './header.ts'
import { isWholeMinute, type Moment } from './moment.ts'
import type { EventOrigin } from './origin.ts'
import type { TimeBase } from './params.ts'

const ZERO = 0x30
const BRACKET = 0x5b
const SPACE = 0x20
const SLOT_BITS = 8
const LONGEST = 200
const NONE = new Literal(new Uint8Array(0))

/** Host and program as the bytes between the time and the pid say. */
export class Origin {
  readonly text: Literal
  /** From the start of `text`. */
  readonly hostFrom: number
  /** -1: no host. */
  readonly hostLength: number
  readonly nameFrom: number
  readonly nameLength: number
  readonly isSshd: boolean
  /** What a writer derives from it, kept with it: for lines with and without a year of their own. */
  readonly derived: [EventOrigin | null, EventOrigin | null] = [null, null]

  constructor(header: HeaderReader, bytes: Uint8Array, from: number) {
    const { tag, hostStart, hostEnd } = header
    this.text = new Literal(bytes.slice(from, tag.pidBracket + 1))
    this.hostFrom = hostStart - from
    this.hostLength = hostStart < 0 ? -1 : hostEnd - hostStart
    this.nameFrom = tag.nameStart - from
    this.nameLength = tag.nameEnd - tag.nameStart
    this.isSshd = tag.isSshd
  }
}

/**
 * Most headers are like one before: the minute of the line above, and a host and program met already. Remembers the last minute as bytes
 * and the last origins by their bytes; where both are met again, nothing else of the header needs reading.
 */
export class HeaderCache {
  readonly #base: TimeBase
  readonly #view = new View()
  #moment: Moment | null = null
  #beforeSeconds = NONE
  #zone = NONE
  readonly #origins = new Array<Origin | undefined>(1 << SLOT_BITS).fill(undefined)
  /** Of the line that fitted last. */
  seconds = 0
  origin: Origin | null = null

  constructor(base: TimeBase) {
    this.#base = base
  }

  /** Reads the header into `header` when it is like one remembered. */
  read(header: HeaderReader, bytes: Uint8Array, start: number, end: number): boolean {
    const before = this.#beforeSeconds
    const view = this.#view.of(bytes)
    if (this.#moment === null || !before.isAt(view, start, end)) return false
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
    if (!this.#zone.isAt(view, at, end)) return false
    const from = at + this.#zone.length
    if (bytes[from] !== SPACE || !this.#find(bytes, from, end)) return false
    const origin = this.origin as Origin
    at = from + origin.text.length
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
    if (at < end && bytes[at++] !== SPACE) return false
    header.moment = this.#moment
    header.fractionStart = fractionStart
    header.fractionEnd = fractionEnd
    header.hostStart = origin.hostLength < 0 ? -1 : from + origin.hostFrom
    header.hostEnd = origin.hostLength < 0 ? -1 : from + origin.hostFrom + origin.hostLength
    header.tag.pid = pid
    header.tag.nameStart = from + origin.nameFrom
    header.tag.nameEnd = from + origin.nameFrom + origin.nameLength
    header.tag.isSshd = origin.isSshd
    header.messageStart = at
    this.seconds = tens * 10 + units
    return true
  }

  /** Remembers the header just read, when it is of a kind that can come again; `origin` is then its own. */
  remember(header: HeaderReader, bytes: Uint8Array, start: number): void {
    this.origin = null
    const { tag, form } = header
    if ((form !== 'rfc3164' && form !== 'rfc3339') || header.yearBehind || tag.pidBracket < 0 || tag.nameStart < 0) return
    let from = header.timeEnd
    while (bytes[from] !== SPACE) from++
    const slot = slotOf(bytes, from, tag.pidBracket)
    if (slot < 0) return
    const known = this.#origins[slot]
    // The slot is that of the first bracket; a tag with two (`sshd[18]:y[30461]:`) is another origin than one that ends at the first.
    const same = known !== undefined && known.text.length === tag.pidBracket + 1 - from && known.text.isAt(this.#view.of(bytes), from, bytes.length)
    const origin = same ? known : new Origin(header, bytes, from)
    this.#origins[slot] = origin
    this.origin = origin
    this.#moment = header.time.second < 60 && isWholeMinute(header.time, this.#base) ? header.moment : null
    if (this.#moment === null) return
    this.#beforeSeconds = new Literal(bytes.slice(start, header.secondsAt))
    this.#zone = new Literal(bytes.slice(header.timeEnd, from))
  }

  #find(bytes: Uint8Array, from: number, end: number): boolean {
    const last = this.origin
    if (last !== null && last.text.isAt(this.#view.of(bytes), from, end)) return true
    const slot = slotOf(bytes, from, end)
    const origin = slot < 0 ? undefined : this.#origins[slot]
    if (origin === undefined || !origin.text.isAt(this.#view.of(bytes), from, end)) return false
    this.origin = origin
    return true
  }
}

/** The hash's upper bits, which depend on all of the text, as a slot. */
const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - SLOT_BITS)

/** Slot of the text from `from` up to its first opening bracket; -1 when none is near. */
function slotOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0
  const limit = Math.min(end, from + LONGEST)
  for (let i = from; i < limit; i++) {
    const byte = bytes[i] as number
    if (byte === BRACKET) return mixed(hash)
    hash = (Math.imul(hash, 31) + byte) | 0
  }
  return limit === end && bytes[end] === BRACKET ? mixed(hash) : -1
}
