import type { RunParams } from '../../ports.ts'
import { timeBase } from '../params.ts'
import { FIRST_YEAR, MAX_CHANGES } from '../zone.ts'
import { lit } from './text.ts'

const KEY = 10
const OFFSET = 6
const YEAR_LENGTH = OFFSET + MAX_CHANGES * (KEY + OFFSET)
const NEVER = '9'.repeat(KEY)

const offsetText = (seconds: number): string => `${seconds < 0 ? '-' : '+'}${String(Math.abs(seconds)).padStart(OFFSET - 1, '0')}`

/**
 * The one-row relation `params` that silverSql reads, as a SELECT of literals. zone_table has one record a year from 1970 to last_year:
 * the offset at its start, then up to six changes (local MMDDhhmmss and the offset from then on); empty for UTC.
 * @throws LogpipeError CONFIG_NOT_VALID for an unknown time zone.
 */
export function paramsSql(params: RunParams): string {
  const base = timeBase(params)
  const lastYear = base.year + 1
  const records: string[] = []
  for (let year = FIRST_YEAR; year <= lastYear && !base.zone.fixed; year++) {
    const { first, changes } = base.zone.year(year)
    const slots = Array.from({ length: MAX_CHANGES }, (_, i) => {
      const change = changes[i]
      return change === undefined ? `${NEVER}${offsetText(0)}` : `${String(change.key).padStart(KEY, '0')}${offsetText(change.offset)}`
    })
    records.push(offsetText(first) + slots.join(''))
  }
  return [
    `SELECT cast(${base.limitKey} AS BIGINT) AS limit_key, ${base.year} AS base_year, ${base.yearBefore} AS year_before`,
    `${base.leapYear} AS leap_year, ${base.leapYearBefore} AS leap_year_before, ${lastYear} AS last_year, ${lit(records.join(''))} AS zone_table`,
  ].join(', ')
}

/** Seconds east of UTC of a local moment. */
export function zoneOffset(year: string, key: string): string {
  const table = '(SELECT q.zone_table FROM params q)'
  const record = `(least(greatest(${year}, ${FIRST_YEAR}), (SELECT q.last_year FROM params q)) - ${FIRST_YEAR}) * ${YEAR_LENGTH}`
  const at = (from: number, length: number): string => `substr(${table}, ${record} + ${from}, ${length})`
  const whens: string[] = []
  for (let i = MAX_CHANGES - 1; i >= 0; i--) {
    const from = OFFSET + 1 + i * (KEY + OFFSET)
    whens.push(`WHEN ${key} >= try_cast(${at(from, KEY)} AS BIGINT) THEN try_cast(${at(from + KEY, OFFSET)} AS INT)`)
  }
  return `CASE WHEN ${table} = '' THEN 0\n        ${whens.join('\n        ')}\n        ELSE try_cast(${at(1, OFFSET)} AS INT) END`
}
