import type { HeaderReader } from './header.ts'

/** What a silver run says of its lines. lines = parsed + quarantined; blank lines are among the quarantined. */
export interface SilverCounts {
  lines: number
  parsed: number
  quarantined: number
  blank: number
  /** sshd's lines that fit no message of the catalogue. */
  unclassified: number
  /** Parsed lines of other programs. */
  otherProgram: number
  /** Tries at a login, repeats expanded. */
  failed: number
  accepted: number
  /** Parsed lines whose time had no year. */
  yearInferred: number
  /** Earliest and latest time of a parsed line, as in silver; null without one. */
  firstTime: string | null
  lastTime: string | null
  /** Parsed lines whose time is before that of the parsed line above. */
  timesBackwards: number
  /** Quarantined lines by reason. */
  reasons: Record<string, number>
}

/** A moment that can be compared: seconds since the epoch, then nanoseconds, and how many fraction digits were written. */
interface Instant {
  second: number
  nano: number
  digits: number
}

const before = (a: Instant, b: Instant): boolean => a.second < b.second || (a.second === b.second && a.nano < b.nano)

function text(instant: Instant): string {
  const whole = new Date(instant.second * 1000).toISOString().slice(0, 19)
  return instant.digits === 0 ? `${whole}Z` : `${whole}.${String(instant.nano).padStart(9, '0').slice(0, instant.digits)}Z`
}

/** Follows the times of parsed lines. */
export class TimeSpan {
  backwards = 0
  #any = false
  readonly #last: Instant = { second: 0, nano: 0, digits: 0 }
  #first: Instant = { second: 0, nano: 0, digits: 0 }
  #latest: Instant = { second: 0, nano: 0, digits: 0 }

  add(header: HeaderReader, bytes: Uint8Array, second: number): void {
    const last = this.#last
    const time = (header.moment?.epochMinute ?? 0) * 60 + second
    if (header.fractionEnd === header.fractionStart && last.digits === 0 && time === last.second && this.#any) return
    const digits = header.fractionEnd - header.fractionStart
    let nano = 0
    for (let i = 0; i < 9; i++) nano = nano * 10 + (i < digits ? (bytes[header.fractionStart + i] as number) - 0x30 : 0)
    const previousSecond = last.second
    const previousNano = last.nano
    last.second = time
    last.nano = nano
    last.digits = digits
    if (!this.#any) {
      this.#any = true
      this.#first = { ...last }
      this.#latest = { ...last }
      return
    }
    if (time < previousSecond || (time === previousSecond && nano < previousNano)) {
      this.backwards++
      if (before(last, this.#first)) this.#first = { ...last }
    } else if (before(this.#latest, last)) {
      this.#latest.second = time
      this.#latest.nano = nano
      this.#latest.digits = digits
    }
  }

  get firstTime(): string | null {
    return this.#any ? text(this.#first) : null
  }

  get lastTime(): string | null {
    return this.#any ? text(this.#latest) : null
  }
}
