import { encode } from '../catalogue/bytes.ts'
import { isLeap, type TimeBase } from './params.ts'
import { FIRST_YEAR, LAST_YEAR } from './zone.ts'

/** A time as a header writes it. */
export interface Written {
  /** null when the line has none. */
  year: number | null
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** Seconds east of UTC; null when the line has none: local time. NaN when it is no offset. */
  offset: number | null
}

export interface Moment {
  /** `YYYY-MM-DDThh:mm:` in UTC, 17 bytes. */
  readonly minute: Uint8Array
  readonly second: number
  /** Minutes since the epoch. */
  readonly epochMinute: number
  readonly yearInferred: boolean
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const two = (n: number): string => (n < 10 ? `0${n}` : String(n))

export const written = (): Written => ({ year: null, month: 0, day: 0, hour: 0, minute: 0, second: 0, offset: null })

/** The UTC moment of a written time; null when there is no such time (Feb 30, 25:00). A leap second is the second after :59. */
export function resolve(time: Written, base: TimeBase): Moment | null {
  const { month, day, hour, minute, second } = time
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null
  const key = (((month * 100 + day) * 100 + hour) * 100 + minute) * 100 + second
  const year = time.year ?? inferYear(month, day, key <= base.limitKey, base)
  if (year < FIRST_YEAR || year > LAST_YEAR) return null
  if (day > (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] as number))) return null
  const offset = time.offset ?? base.zone.localOffset(year, key)
  if (Number.isNaN(offset)) return null
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - offset * 1000)
  const date = `${utc.getUTCFullYear()}-${two(utc.getUTCMonth() + 1)}-${two(utc.getUTCDate())}`
  return {
    minute: encode(`${date}T${two(utc.getUTCHours())}:${two(utc.getUTCMinutes())}:`),
    second: utc.getUTCSeconds(),
    epochMinute: Math.floor(utc.getTime() / 60_000),
    yearInferred: time.year === null,
  }
}

function inferYear(month: number, day: number, thisYear: boolean, base: TimeBase): number {
  if (month === 2 && day === 29) return thisYear ? base.leapYear : base.leapYearBefore
  return thisYear ? base.year : base.yearBefore
}
