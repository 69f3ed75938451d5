import type { DetectionOf } from './detection.ts'
import { ACCEPTED, type Bits, NEVER_ACCEPTED, SOMETIMES_ACCEPTED } from './looks.ts'
import { ENTITY_ID, looksOf, micros, rowsOf } from './sql.ts'

/** Kinds that sum events over the seconds up to each event. */
export type Windowed = DetectionOf<'threshold' | 'sequence'>

/** A detection with its number in the compiled SQL: its place in id order. */
export interface Numbered<D> {
  readonly rule: number
  readonly detection: D
}

/**
 * With a `quiet_share` rows come in two halves: addresses that never had a login accepted, nearly all that attack, need no guard; the others
 * are few, and only theirs is weighed. Without, all are one.
 */
export const HALVES = {
  all: 'true',
  never: `(l.fits & ${NEVER_ACCEPTED}) <> 0`,
  sometimes: `(l.fits & ${SOMETIMES_ACCEPTED}) <> 0`,
} as const
export type Half = keyof typeof HALVES

export function halvesOf(d: Windowed | DetectionOf<'distinct'>, bits: Bits): readonly Half[] {
  if (d.parameters.quiet_share === undefined) return ['all']
  // What ends with an accepted login needs one.
  return d.kind === 'sequence' && bits.of(d.then) === String(ACCEPTED) ? ['sometimes'] : ['never', 'sometimes']
}

const GUARD_S = 3600
export const guardSeconds = (windowS: number): number => Math.max(windowS, GUARD_S)

export const sumOver = (alias: string, value: string, seconds: number): string =>
  `CAST(sum(${alias}.${value}) OVER (PARTITION BY ${alias}.entity_id ORDER BY ${alias}.at_us RANGE BETWEEN ${micros(seconds)} PRECEDING AND CURRENT ROW) AS BIGINT)`

/** Detections with the same key look at the same rows: one sort of them, which is most of the cost, serves all. */
export const sharingKey = (d: Windowed, bits: Bits): string =>
  [d.kind, d.entity, d.kind === 'threshold' ? d.count : bits.of(d.then), bits.of(d.where), d.parameters.quiet_share === undefined].join(' ')

/**
 * Every row that counts or ends a window, as `w`: entity_id, at_us, line_no, ends (1 where a window may end), and for each rule n<rule>, what
 * its window holds, and in the half that is weighed g<rule>, the accepted logins that stand against it.
 */
export function windows(rules: readonly Numbered<Windowed>[], bits: Bits, half: Half): string {
  const [{ detection }] = rules as [Numbered<Windowed>]
  const sums = rules.flatMap(({ rule, detection: { parameters } }) => [
    `${sumOver('r', 'counted', parameters.window_s)} AS n${rule}`,
    ...(half === 'sometimes' ? [`${sumOver('r', 'accepted', guardSeconds(parameters.window_s))} AS g${rule}`] : []),
  ])
  const least = Math.min(...rules.map((one) => one.detection.parameters.threshold))
  const rows = detection.kind === 'threshold' ? thresholdRows(detection, bits, half) : sequenceRows(detection, bits, half)
  // Without a login in the file nothing is to be won by asking who has enough events: most have.
  const only = half === 'never' ? '' : `
    JOIN (
    ${candidates(detection, bits, half, least)}
    ) c ON c.entity_id = q.entity_id`
  return `SELECT r.entity_id, r.at_us, r.line_no, r.ends, ${sums.join(', ')}
  FROM (
    SELECT q.* FROM (
    ${rows}
    ) q${only}
  ) r`
}

/** Whether a row of `windows` fires. */
export const fires = ({ rule, detection: { parameters } }: Numbered<Windowed>, half: Half): string =>
  `w.ends = 1 AND w.n${rule} >= ${parameters.threshold}${half === 'sometimes' ? ` AND w.g${rule} < ${parameters.quiet_share} * w.n${rule}` : ''}`

const has = (bits: string | number): string => `(l.fits & (${bits})) <> 0`

function candidates(d: Windowed, bits: Bits, half: Half, least: number): string {
  const closes = d.kind === 'sequence' ? ` AND max(CASE WHEN ${has(bits.of(d.then))} THEN 1 ELSE 0 END) = 1` : ''
  const mask = d.kind === 'sequence' ? bits.any(d.where, d.then) : bits.of(d.where)
  return `SELECT ${ENTITY_ID[d.entity]} AS entity_id
    FROM ${looksOf(d.entity)}
    WHERE ${has(mask)} AND ${HALVES[half]}
    GROUP BY ${ENTITY_ID[d.entity]}
    HAVING sum(CASE WHEN ${has(bits.of(d.where))} THEN l.tries ELSE 0 END) >= ${least}${closes}`
}

function thresholdRows(d: DetectionOf<'threshold'>, bits: Bits, half: Half): string {
  const events = rowsOf(d.entity, bits.of(d.where), HALVES[half], ['l.tries AS counted', '0 AS accepted', '1 AS ends'])
  const counted = d.count === 'events' ? events : `SELECT p.entity_id, min(p.at_us) AS at_us, min(p.line_no) AS line_no, 1 AS counted, 0 AS accepted, 1 AS ends
    FROM (
    ${rowsOf(d.entity, bits.of(d.where), HALVES[half], ['l.source_id', 'l.connection'])}
    ) p
    GROUP BY p.entity_id, p.source_id, p.connection`
  const accepted = rowsOf(d.entity, String(ACCEPTED), HALVES[half], ['0 AS counted', 'l.tries AS accepted', '0 AS ends'])
  return half === 'sometimes' ? `${counted}\n    UNION ALL\n    ${accepted}` : counted
}

/** `where` counted up to each event that fits `then`. Events of the very same microsecond count whatever their order. */
function sequenceRows(d: DetectionOf<'sequence'>, bits: Bits, half: Half): string {
  const mask = `${bits.any(d.where, d.then)}${half === 'sometimes' && bits.of(d.then) !== String(ACCEPTED) ? ` + ${ACCEPTED}` : ''}`
  return rowsOf(d.entity, mask, HALVES[half], [
    `CASE WHEN ${has(bits.of(d.where))} THEN l.tries ELSE 0 END AS counted`,
    `CASE WHEN ${has(ACCEPTED)} THEN l.tries ELSE 0 END AS accepted`,
    `CASE WHEN ${has(bits.of(d.then))} THEN 1 ELSE 0 END AS ends`,
  ])
}
