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

const DASH = 0x2d
const COLON = 0x3a
const T = 0x54
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

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
  return {
    minute: minuteText(utc),
    second: utc.getUTCSeconds(),
    epochMinute: Math.floor(utc.getTime() / 60_000),
    yearInferred: time.year === null,
  }
}

/** Whether each second of the time's minute is of the same minute in UTC too. */
export function isWholeMinute(time: Written, base: TimeBase): boolean {
  const first = (((time.month * 100 + time.day) * 100 + time.hour) * 100 + time.minute) * 100
  if (time.year === null && first <= base.limitKey !== first + 59 <= base.limitKey) return false
  if (time.offset !== null || base.zone.fixed) return true
  const thisYear = first <= base.limitKey
  const year = time.year ?? inferYear(time.month, time.day, thisYear, base)
  const offset = base.zone.localOffset(year, first)
  return offset % 60 === 0 && offset === base.zone.localOffset(year, first + 59)
}

/** `YYYY-MM-DDThh:mm:` */
function minuteText(utc: Date): Uint8Array {
  const text = Uint8Array.of(0, 0, 0, 0, DASH, 0, 0, DASH, 0, 0, T, 0, 0, COLON, 0, 0, COLON)
  const year = utc.getUTCFullYear()
  const put = (at: number, value: number): void => {
    text[at] = 0x30 + Math.floor(value / 10)
    text[at + 1] = 0x30 + (value % 10)
  }
  put(0, Math.floor(year / 100))
  put(2, year % 100)
  put(5, utc.getUTCMonth() + 1)
  put(8, utc.getUTCDate())
  put(11, utc.getUTCHours())
  put(14, utc.getUTCMinutes())
  return text
}

function inferYear(month: number, day: number, thisYear: boolean, base: TimeBase): number {
  if (month === 2 && day === 29) return thisYear ? base.leapYear : base.leapYearBefore
  return thisYear ? base.year : base.yearBefore
}
