import type { RunParams } from '../ports.ts'
import { keyOf, Zone } from './zone.ts'

const DAY = 86_400

/** A log may run ahead of the clock of who stored it, by its zone or its own clock: so much is not yet the future. Seconds. */
const SLACK = DAY

/**
 * What a year-less time needs, in words of the local wall clock: a time whose MMDDhhmmss is up to `limitKey` is of `year`, a later one of
 * the year before; Feb 29 goes back to the nearest leap year.
 */
export interface TimeBase {
  readonly limitKey: number
  readonly year: number
  readonly yearBefore: number
  readonly leapYear: number
  readonly leapYearBefore: number
  readonly zone: Zone
}

export const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

function leapUpTo(year: number): number {
  let leap = year
  while (!isLeap(leap)) leap--
  return leap
}

/** @throws LogpipeError CONFIG_NOT_VALID for an unknown time zone. */
export function timeBase({ timezone, baseTimeMs }: RunParams): TimeBase {
  const limit = Math.floor(baseTimeMs / 1000) + SLACK
  const wall = limit + new Zone(timezone).offsetAt(limit)
  const year = new Date(wall * 1000).getUTCFullYear()
  return {
    limitKey: keyOf(wall),
    year,
    yearBefore: year - 1,
    leapYear: leapUpTo(year),
    leapYearBefore: leapUpTo(year - 1),
    zone: new Zone(timezone, year + 1),
  }
}
