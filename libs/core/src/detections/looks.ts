import { LogpipeError } from '../errors/error.ts'
import type { Detection, Filter } from './detection.ts'
import { literal } from './sql.ts'

type Field = keyof Filter

/** Conditions that SQL reads by number: failed tries, accepted ones, those for an unknown user; two bits more are those of the address. */
const PRESETS: readonly Filter[] = [{ attempt: ['auth_failed'] }, { attempt: ['auth_accepted'] }]
export const ACCEPTED = 2
export const INVALID_USER = 4
/** Of an address from which no login was accepted in this file. */
export const NEVER_ACCEPTED = 8
/** Of one from which logins were accepted, and with so many failing lines that a detection with a `quiet_share` may fire. */
export const SOMETIMES_ACCEPTED = 16
export const LEAST_GUARDED = 3
const FIRST_BIT = 5
const MOST = 62

/**
 * Every filter that some detection names, as a bit of `looks.fits`. A row gets the bits of all filters that take its event,
 * and the same for each other field; the filters that fit are those that every field takes.
 */
export class Bits {
  readonly #filters: Filter[] = []

  constructor(detections: readonly Detection[]) {
    for (const filter of detections.flatMap(filtersOf)) {
      if (![...PRESETS, ...this.#filters].some((known) => same(known, filter))) this.#filters.push(filter)
    }
    if (this.#filters.length + FIRST_BIT > MOST) {
      throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `detections: ${this.#filters.length} different filters; there is room for ${MOST - FIRST_BIT}` })
    }
  }

  of(filter: Filter): string {
    const preset = PRESETS.findIndex((known) => same(known, filter))
    return String(2n ** BigInt(preset >= 0 ? preset : FIRST_BIT + this.#filters.findIndex((known) => same(known, filter))))
  }

  /** Bits of several filters, any of which may fit. */
  any(...filters: readonly Filter[]): string {
    return [...new Set(filters.map((filter) => this.of(filter)))].join(' + ')
  }

  /** Bits that a field leaves standing when it has this value; undefined: none of those that some filter names. */
  mask(field: Field, value?: string): string {
    const taken = [...PRESETS, ...this.#filters].filter((filter) => takes(filter[field], value)).map((filter) => BigInt(this.of(filter)))
    return `CAST(${taken.reduce((sum, bit) => sum + bit, BigInt(INVALID_USER + NEVER_ACCEPTED + SOMETIMES_ACCEPTED))} AS BIGINT)`
  }

  /** The values that filters name. */
  values(field: Field): string[] {
    const named = [...PRESETS, ...this.#filters].flatMap((filter) => {
      const condition = filter[field] ?? []
      return Array.isArray(condition) ? condition : condition.not
    })
    return [...new Set(named)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
  }

  /** The mask of a field by its column. */
  cases(field: Field, column: string): string {
    const when = this.values(field).map((value) => ` WHEN ${literal(value)} THEN ${this.mask(field, value)}`)
    return when.length === 0 ? this.mask(field) : `CASE ${column}${when.join('')} ELSE ${this.mask(field)} END`
  }

  /** Test that lets through every row with a bit of a filter: a try at a login, or an event that is named. Events left out (`not`) let through all. */
  get relevant(): string {
    const others = this.#filters.filter(({ attempt }) => attempt === undefined)
    if (!others.every(({ event }) => Array.isArray(event))) return 'true'
    const byOutcome = Map.groupBy(others, ({ outcome }) => (Array.isArray(outcome) ? ` AND s.outcome IN (${outcome.map(literal).join(', ')})` : ''))
    const tests = [...byOutcome].map(([outcome, filters]) => {
      const events = [...new Set(filters.flatMap(({ event }) => (Array.isArray(event) ? event : [])))].sort()
      return `(s.event IN (${events.map(literal).join(', ')})${outcome})`
    })
    return ['s.attempt IS NOT NULL', ...tests].join(' OR ')
  }
}

/** Asked first, because most lines are of these. */
const FREQUENT = ['login_failed', 'connection_closed', 'invalid_user', 'login_accepted']
const place = (value: string): number => (FREQUENT.includes(value) ? FREQUENT.indexOf(value) : FREQUENT.length)

const same = (a: Filter, b: Filter): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

function takes(condition: Filter[Field], value: string | undefined): boolean {
  if (condition === undefined) return true
  return Array.isArray(condition) ? value !== undefined && condition.includes(value) : value === undefined || !condition.not.includes(value)
}

function filtersOf(detection: Detection): Filter[] {
  switch (detection.kind) {
    case 'threshold':
    case 'distinct':
      return [detection.where]
    case 'sequence':
      return [detection.where, detection.then]
    case 'regular':
      return detection.unless === undefined ? [detection.where] : [detection.where, detection.unless]
    default:
      return []
  }
}

/** The rows that detections look at, narrow: numbers for names, and `fits` for the filters. A line without pid is a connection of its own. */
export function looks(bits: Bits): string {
  return `SELECT
  s.line_no,
  s.at_us,
  o.source_id,
  a.account_id,
  coalesce(s.pid, -s.line_no) AS connection,
  s.tries,
  ${bits.cases('event', 's.event')}
    & ${bits.cases('outcome', 's.outcome')}
    & ${bits.cases('attempt', 's.attempt')}
    & ${bits.cases('method', 's.method')}
    & coalesce(a.mask, ${bits.mask('user_name')})
    & o.mask
    & CASE WHEN s.invalid_user > 0 THEN ${bits.mask('user_valid', 'false')} ELSE ${bits.mask('user_valid', 'true')} - ${INVALID_USER} END AS fits
FROM signals s
JOIN (
  SELECT q.host, q.address, q.source_id, CASE WHEN q.stranger THEN ${bits.mask('stranger', 'true')} ELSE ${bits.mask('stranger', 'false')} END
    - CASE WHEN q.logins = 0 THEN 0 ELSE ${NEVER_ACCEPTED} END
    - CASE WHEN q.logins > 0 AND q.bad_lines >= ${LEAST_GUARDED} THEN 0 ELSE ${SOMETIMES_ACCEPTED} END AS mask
  FROM sources q
) o ON o.host = s.host AND o.address = s.address
LEFT JOIN (
  SELECT u.host, u.user_name, u.account_id, ${bits.cases('user_name', 'u.user_name')} AS mask
  FROM accounts u
) a ON a.host = s.host AND a.user_name = s.user_name
WHERE ${bits.relevant}`
}
