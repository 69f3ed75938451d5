import { LogpipeError } from '../errors/error.ts'
import type { Detection, Filter } from './detection.ts'
import { condition, literal } from './sql.ts'

/** What login_tries.sql reads by number: failed, accepted, for an unknown user. */
const PRESET = ["s.attempt IN ('auth_failed')", "s.attempt IN ('auth_accepted')", 's.invalid_user > 0']
const MOST = 62

/** Every filter that some detection names, as a bit of `looks.fits`: a row is held against the filters once, by text, and then only by number. */
export class Bits {
  readonly #conditions = [...PRESET]
  readonly #filters: Filter[] = []

  constructor(detections: readonly Detection[]) {
    for (const filter of detections.flatMap(filtersOf)) {
      this.#filters.push(filter)
      const sql = condition(filter, 's')
      if (!this.#conditions.includes(sql)) this.#conditions.push(sql)
    }
    if (this.#conditions.length > MOST) {
      throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `detections: ${this.#conditions.length} different filters; there is room for ${MOST}` })
    }
  }

  of(filter: Filter): string {
    return String(2 ** this.#conditions.indexOf(condition(filter, 's')))
  }

  /** Bits of several filters, any of which may fit. */
  any(...filters: readonly Filter[]): string {
    return [...new Set(filters.map((filter) => this.of(filter)))].join(' + ')
  }

  /** The sum of the bits that fit a row of `signals`. */
  get fits(): string {
    return this.#conditions.map((sql, i) => `CASE WHEN ${sql} THEN ${2 ** i} ELSE 0 END`).join('\n    + ')
  }

  /** Cheap test that lets through every row with a bit: filters that say nothing of attempt or event let through all. */
  get relevant(): string {
    if (this.#filters.some(({ attempt, event }) => attempt === undefined && event === undefined)) return 'true'
    const events = [...new Set(this.#filters.flatMap(({ attempt, event }) => (attempt === undefined ? (event ?? []) : [])))]
    return ['s.attempt IS NOT NULL', ...(events.length > 0 ? [`s.event IN (${events.sort().map(literal).join(', ')})`] : [])].join(' OR ')
  }
}

function filtersOf(detection: Detection): Filter[] {
  if (detection.kind === 'sequence') return [detection.where, detection.then]
  if (detection.kind === 'regular' && detection.unless !== undefined) return [detection.where, detection.unless]
  return [detection.where]
}

/** The rows that detections look at, narrow: numbers for names, and `fits` for the filters. */
export const looks = (bits: Bits): string => `SELECT
  s.line_no,
  s.at_us,
  o.source_id,
  a.account_id,
  s.tries,
  CAST(${bits.fits} AS BIGINT) AS fits
FROM signals s
JOIN sources o ON o.host = s.host AND o.address = s.address
LEFT JOIN accounts a ON a.host = s.host AND a.user_name = s.user_name
WHERE ${bits.relevant}`
