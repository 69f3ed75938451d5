import { LogpipeError } from '../errors/error.ts'

/**
 * Offsets of one time zone by local time. A local moment is a year and a key MMDDhhmmss as a number. A time that a change leaves out or
 * doubles takes the offset before the change.
 */
export interface ZoneYear {
  /** Seconds east of UTC at the year's first moment. */
  readonly first: number
  /** Changes in the year, in order: from this local key on, that offset. At most MAX_CHANGES. */
  readonly changes: readonly { readonly key: number; readonly offset: number }[]
}

export const FIRST_YEAR = 1970
export const LAST_YEAR = 2199
export const MAX_CHANGES = 6

const DAY = 86_400
const STEP = 8 * DAY

/** Seconds east of UTC at a moment (seconds since the epoch) in an IANA zone. */
function offsetReader(timezone: string): (seconds: number) => number {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new LogpipeError('CONFIG_NOT_VALID', { detail: `timezone: ${JSON.stringify(timezone)} is no IANA time zone` }, { cause })
  }
  return seconds => {
    const parts = new Map(format.formatToParts(seconds * 1000).map(part => [part.type, Number(part.value)]))
    const at = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    return Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')) / 1000 - seconds
  }
}

/** MMDDhhmmss of seconds since the epoch, read as a wall clock. */
export function keyOf(wallSeconds: number): number {
  const date = new Date(wallSeconds * 1000)
  const day = (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
  return day * 1_000_000 + date.getUTCHours() * 10_000 + date.getUTCMinutes() * 100 + date.getUTCSeconds()
}

export class Zone {
  readonly timezone: string
  /** The zone's one offset when it is known to have just one: UTC. */
  readonly fixed: boolean
  readonly offsetAt: (seconds: number) => number
  readonly #lastYear: number
  readonly #years = new Map<number, ZoneYear>()

  /** @param lastYear Later years take this one's offsets. */
  constructor(timezone: string, lastYear = LAST_YEAR) {
    this.timezone = timezone
    this.offsetAt = offsetReader(timezone)
    this.fixed = /^(Etc\/)?(UTC|UCT|Zulu|Universal)$|^(Etc\/)?GMT$/i.test(timezone)
    this.#lastYear = lastYear
  }

  /** Seconds east of UTC at a local moment. */
  localOffset(year: number, key: number): number {
    if (this.fixed) return 0
    const { first, changes } = this.year(year)
    let offset = first
    for (const change of changes) if (key >= change.key) offset = change.offset
    return offset
  }

  year(year: number): ZoneYear {
    const clamped = Math.min(Math.max(year, FIRST_YEAR), this.#lastYear)
    let found = this.#years.get(clamped)
    if (found === undefined) {
      found = this.#scan(clamped)
      this.#years.set(clamped, found)
    }
    return found
  }

  #scan(year: number): ZoneYear {
    const begin = Date.UTC(year, 0, 1) / 1000
    const end = Date.UTC(year + 1, 0, 1) / 1000
    const all: { wall: number; offset: number }[] = []
    let at = begin - 2 * DAY
    let offset = this.offsetAt(at)
    let first = offset
    while (at < end + 2 * DAY) {
      const next = at + STEP
      const after = this.offsetAt(next)
      if (after !== offset) {
        const moment = this.#changeBetween(at, next, offset)
        const changed = this.offsetAt(moment)
        all.push({ wall: moment + Math.max(offset, changed), offset: changed })
        offset = changed
        at = moment
      } else {
        at = next
      }
    }
    for (const change of all) if (change.wall <= begin) first = change.offset
    const changes = all.filter(change => change.wall > begin && change.wall < end)
    return { first, changes: changes.slice(0, MAX_CHANGES).map(change => ({ key: keyOf(change.wall), offset: change.offset })) }
  }

  /** The first second in (low, high] whose offset is not `before`. */
  #changeBetween(low: number, high: number, before: number): number {
    let same = low
    let differs = high
    while (differs - same > 1) {
      const middle = Math.floor((same + differs) / 2)
      if (this.offsetAt(middle) === before) same = middle
      else differs = middle
    }
    return differs
  }
}
