import { readInt } from '../catalogue/bytes.ts'
import { type Moment, resolve, written, type Written } from './moment.ts'
import type { TimeBase } from './params.ts'
import { Tag } from './tag.ts'

export type HeaderForm = 'rfc3164' | 'rfc3339' | 'rfc5424' | 'unified-log'
export type HeaderFault = 'no_header' | 'bad_time'

const SPACE = 0x20
const COLON = 0x3a
const ZERO = 0x30
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const monthCode = (a: number, b: number, c: number): number => (a << 16) | (b << 8) | c
const MONTH_OF = new Map(MONTHS.map((name, i) => [monthCode(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)), i + 1]))
const MAX_FRACTION = 9
const PID_DIGITS = 10

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Reads the header of a line in any form. One object is used again and again: `read` overwrites its fields. */
export class HeaderReader {
  form: HeaderForm = 'rfc3164'
  moment: Moment | null = null
  /** The time as written, of the line read last. */
  readonly time: Written = written()
  /** Digits of the fraction of a second; empty when there is none. */
  fractionStart = 0
  fractionEnd = 0
  /** hostStart -1: no host. */
  hostStart = -1
  hostEnd = -1
  readonly tag = new Tag()
  messageStart = 0
  /** Where the seconds stand and where the time ends, fraction included; the rest of a like header can be compared as bytes. */
  secondsAt = 0
  timeEnd = 0
  /** True where the year stands behind the clock. */
  yearBehind = false
  readonly #base: TimeBase
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0

  constructor(base: TimeBase) {
    this.#base = base
  }

  read(bytes: Uint8Array, start: number, end: number): HeaderFault | null {
    this.#bytes = bytes
    this.#end = end
    this.hostStart = this.hostEnd = -1
    this.tag.clear()
    this.fractionStart = this.fractionEnd = 0
    this.yearBehind = false
    const afterPriority = this.#priority(start)
    const syslog1 = afterPriority > start && bytes[afterPriority] === 0x31 && bytes[afterPriority + 1] === SPACE && afterPriority + 1 < end
    const at = syslog1 ? afterPriority + 2 : afterPriority
    if (syslog1 && this.#byte(at) === 0x2d && (this.#byte(at + 1) === SPACE || at + 1 === end)) return 'bad_time'
    const iso = this.#isIso(at)
    if (syslog1 && !iso) return 'no_header'
    const after = iso ? this.#isoTime(at) : this.#monthTime(at)
    if (after < 0) return 'no_header'
    this.form = syslog1 ? 'rfc5424' : iso ? 'rfc3339' : 'rfc3164'
    const whole = syslog1 ? this.#syslog1(after) : (iso && this.#unifiedLog(after)) || this.#hostAndTag(after)
    if (!whole) return 'no_header'
    this.moment = resolve(this.time, this.#base)
    return this.moment === null ? 'bad_time' : null
  }

  #byte(at: number): number {
    return at < this.#end ? (this.#bytes[at] as number) : -1
  }

  #skipSpaces(at: number): number {
    let i = at
    while (this.#byte(i) === SPACE) i++
    return i
  }

  #tokenEnd(at: number): number {
    let i = at
    while (i < this.#end && this.#bytes[i] !== SPACE) i++
    return i
  }

  #int(start: number, end: number): number {
    return readInt(this.#bytes, start, end, PID_DIGITS)
  }

  #two(at: number): number {
    return ((this.#bytes[at] as number) - ZERO) * 10 + (this.#bytes[at + 1] as number) - ZERO
  }

  /** Behind `<1 to 3 digits>`; `at` itself when there is none. */
  #priority(at: number): number {
    if (this.#byte(at) !== 0x3c) return at
    let i = at + 1
    while (isDigit(this.#byte(i)) && i < at + 4) i++
    return i > at + 1 && this.#byte(i) === 0x3e ? i + 1 : at
  }

  /** True where the bytes have this shape; 0 stands for any digit. */
  #shaped(at: number, shape: string): boolean {
    if (at + shape.length > this.#end) return false
    for (let i = 0; i < shape.length; i++) {
      const wanted = shape.charCodeAt(i)
      const byte = this.#bytes[at + i]
      if (wanted === ZERO ? !isDigit(byte) : byte !== wanted) return false
    }
    return true
  }

  #isIso(at: number): boolean {
    const separator = this.#byte(at + 10)
    return (separator === 0x54 || separator === 0x74 || separator === SPACE) && this.#shaped(at, '0000-00-00') && this.#shaped(at + 11, '00:00:00')
  }

  #isoTime(at: number): number {
    const time = this.time
    time.year = this.#int(at, at + 4)
    time.month = this.#two(at + 5)
    time.day = this.#two(at + 8)
    const clockEnd = this.#clock(at + 11)
    const end = clockEnd < 0 ? -1 : this.#tokenEnd(clockEnd)
    return end >= 0 && this.#offset(clockEnd, end) ? end : -1
  }

  /** hh:mm:ss with an optional fraction; gives its end, -1 when the fraction is none. */
  #clock(at: number): number {
    const time = this.time
    time.hour = this.#two(at)
    time.minute = this.#two(at + 3)
    time.second = this.#two(at + 6)
    this.secondsAt = at + 6
    let end = at + 8
    if (this.#byte(end) === 0x2e || this.#byte(end) === 0x2c) {
      this.fractionStart = end + 1
      end++
      while (isDigit(this.#byte(end))) end++
      this.fractionEnd = end
      const digits = end - this.fractionStart
      if (digits < 1 || digits > MAX_FRACTION) return -1
    }
    this.timeEnd = end
    return end
  }

  /** Z, +hh:mm, +hhmm, +hh or nothing between the clock and the next space. */
  #offset(start: number, end: number): boolean {
    const time = this.time
    time.offset = null
    if (start === end) return true
    const sign = this.#byte(start)
    if (end === start + 1) {
      time.offset = 0
      return sign === 0x5a || sign === 0x7a
    }
    if (sign !== 0x2b && sign !== 0x2d) return false
    const length = end - start
    const minutesAt = length === 6 ? start + 4 : start + 3
    if (!(length === 6 ? this.#shaped(start + 1, '00:00') : length === 5 ? this.#shaped(start + 1, '0000') : length === 3 && this.#shaped(start + 1, '00'))) return false
    const hours = this.#two(start + 1)
    const minutes = length === 3 ? 0 : this.#two(minutesAt)
    time.offset = hours > 23 || minutes > 59 ? Number.NaN : (sign === 0x2d ? -1 : 1) * (hours * 3600 + minutes * 60)
    return true
  }

  /** `Mmm d hh:mm:ss`, the day padded or not, with an optional year behind the day or the clock. */
  #monthTime(at: number): number {
    const time = this.time
    const month = MONTH_OF.get(monthCode(this.#byte(at), this.#byte(at + 1), this.#byte(at + 2)))
    if (month === undefined || this.#byte(at + 3) !== SPACE) return -1
    const dayAt = this.#skipSpaces(at + 4)
    const dayEnd = this.#tokenEnd(dayAt)
    if (dayEnd - dayAt > 2 || dayEnd === dayAt) return -1
    time.month = month
    time.day = this.#int(dayAt, dayEnd)
    time.year = null
    time.offset = null
    if (time.day < 0) return -1
    let clockAt = this.#skipSpaces(dayEnd)
    const yearEnd = this.#tokenEnd(clockAt)
    if (yearEnd - clockAt === 4 && this.#int(clockAt, yearEnd) >= 0) {
      time.year = this.#int(clockAt, yearEnd)
      clockAt = this.#skipSpaces(yearEnd)
    }
    if (!this.#shaped(clockAt, '00:00:00')) return -1
    const clockEnd = this.#clock(clockAt)
    if (clockEnd < 0 || clockEnd !== this.#tokenEnd(clockAt)) return -1
    return time.year === null ? this.#yearBehind(clockEnd) : clockEnd
  }

  /** Some devices write the year behind the clock: four digits of a likely year with more behind them. */
  #yearBehind(clockEnd: number): number {
    const at = this.#skipSpaces(clockEnd)
    const end = this.#tokenEnd(at)
    const year = end - at === 4 ? this.#int(at, end) : -1
    if (year < 1970 || year > 2199 || this.#skipSpaces(end) === this.#end) return clockEnd
    this.time.year = year
    this.yearBehind = true
    return end
  }

  /** HOST APP PROCID MSGID SD MSG, behind the one space after the time. */
  #syslog1(after: number): boolean {
    const bytes = this.#bytes
    const starts: number[] = []
    let at = after + 1
    for (let i = 0; i < 4; i++) {
      starts.push(at)
      at = this.#tokenEnd(at) + 1
    }
    const [host, app, pid, msgId] = starts as [number, number, number, number]
    const message = at < this.#end ? this.#behindData(at) : -1
    if (message < 0) return false
    const nil = (start: number, end: number): boolean => end <= start || (end === start + 1 && bytes[start] === 0x2d)
    if (!nil(host, app - 1)) {
      this.hostStart = host
      this.hostEnd = app - 1
    }
    if (!nil(app, pid - 1)) this.tag.setName(bytes, app, pid - 1)
    this.tag.pid = this.#int(pid, msgId - 1)
    const bom = bytes[message] === 0xef && bytes[message + 1] === 0xbb && bytes[message + 2] === 0xbf && message + 3 <= this.#end
    this.messageStart = this.#skipSpaces(bom ? message + 3 : message)
    return true
  }

  /** Where MSG starts behind structured data: `-`, or elements in brackets, in whose values `]` is escaped. */
  #behindData(at: number): number {
    const bytes = this.#bytes
    if (bytes[at] === 0x2d) return at + 1 === this.#end ? at + 1 : bytes[at + 1] === SPACE ? at + 2 : -1
    if (bytes[at] !== 0x5b) return -1
    for (let i = at + 1; i < this.#end; i++) {
      if (bytes[i] !== 0x5d || bytes[i - 1] === 0x5c) continue
      if (i + 1 === this.#end) return i + 1
      if (bytes[i + 1] === SPACE) return i + 2
    }
    return -1
  }

  /** `0xTHREAD Type 0xACTIVITY PID TTL process: message`, as macOS `log show` writes it. */
  #unifiedLog(after: number): boolean {
    const starts: number[] = []
    const ends: number[] = []
    let at = this.#skipSpaces(after)
    if (this.#byte(at) !== ZERO || this.#byte(at + 1) !== 0x78) return false
    for (let i = 0; i < 6; i++) {
      const end = this.#tokenEnd(at)
      starts.push(at)
      ends.push(end)
      at = this.#skipSpaces(end)
    }
    const [, , activity, pid, ttl, process] = starts as [number, number, number, number, number, number]
    const [, , , pidEnd, ttlEnd, processEnd] = ends as [number, number, number, number, number, number]
    if (this.#byte(activity) !== ZERO || this.#byte(activity + 1) !== 0x78) return false
    if (this.#int(pid, pidEnd) < 0 || this.#int(ttl, ttlEnd) < 0) return false
    if (processEnd - process < 2 || this.#bytes[processEnd - 1] !== COLON) return false
    this.form = 'unified-log'
    this.tag.setName(this.#bytes, process, processEnd - 1)
    this.tag.pid = this.#int(pid, pidEnd)
    this.messageStart = Math.min(processEnd + 1, this.#end)
    return true
  }

  /** `host tag: message`; a line may lack the host, or the tag. */
  #hostAndTag(after: number): boolean {
    const at = this.#skipSpaces(after)
    if (at === this.#end) return false
    const end = this.#tokenEnd(at)
    if (this.#isTag(at, end)) {
      this.#takeTag(at, end)
      return true
    }
    this.hostStart = at
    this.hostEnd = end
    const tagAt = this.#skipSpaces(end)
    const tagEnd = this.#tokenEnd(tagAt)
    if (this.#isTag(tagAt, tagEnd)) this.#takeTag(tagAt, tagEnd)
    else this.messageStart = tagAt
    return true
  }

  /** Ends in a colon; in two it is an IPv6 address. */
  #isTag(start: number, end: number): boolean {
    return end - start >= 2 && this.#bytes[end - 1] === COLON && this.#bytes[end - 2] !== COLON
  }

  #takeTag(start: number, end: number): void {
    this.tag.read(this.#bytes, start, end - 1)
    this.messageStart = Math.min(end + 1, this.#end)
  }
}
