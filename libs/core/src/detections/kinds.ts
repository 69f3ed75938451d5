import type { Detection, DetectionOf } from './detection.ts'
import type { Bits } from './looks.ts'
import { ENTITY_ID, looksOf, micros } from './sql.ts'

/** A detection with its number in the compiled SQL. */
export type Rule<Kind extends Detection['kind'] = Detection['kind']> = { readonly rule: number; readonly detection: DetectionOf<Kind> }

/**
 * A window as one number, so that one max() finds the strongest and, of equals, the one whose last line comes first: `observed` × 2^36 plus
 * 2^35 minus the line that closes it. compile.ts takes it apart again.
 */
export const PACK = 2 ** 36
const MOST_OBSERVED = 100_000_000
const packed = (observed: string): string => `CAST(least(w.${observed}, ${MOST_OBSERVED}) AS BIGINT) * ${PACK} + ${PACK / 2} - w.line_no`

/** Rows that a detection looks at: entity_id, at_us, line_no, tries, and `extra` select items. */
const rowsOf = ({ entity }: Detection, mask: string, extra: readonly string[] = []): string =>
  `SELECT ${[`${ENTITY_ID[entity]} AS entity_id`, 'l.at_us', 'l.line_no', 'l.tries', ...extra].join(', ')}
    FROM ${looksOf(entity)}
    WHERE ${ENTITY_ID[entity]} IS NOT NULL AND (l.fits & (${mask})) <> 0`

const sumOver = (value: string, seconds: number): string =>
  `CAST(sum(${value}) OVER (PARTITION BY r.entity_id ORDER BY r.at_us RANGE BETWEEN ${micros(seconds)} PRECEDING AND CURRENT ROW) AS BIGINT)`

/** A sum over the seconds up to each event, the event included. Rules that look at the same rows share one sort of them. */
export function thresholds(rules: readonly Rule<'threshold'>[], bits: Bits): string {
  const [first] = rules as [Rule<'threshold'>]
  const sums = rules.map(({ rule, detection: { parameters } }) => `${sumOver('r.tries', parameters.window_s)} AS n${rule}`)
  const best = rules.map(({ rule, detection: { parameters } }) => `max(CASE WHEN w.n${rule} >= ${parameters.threshold} THEN ${packed(`n${rule}`)} END) AS b${rule}`)
  const windows = `SELECT w.entity_id, ${best.join(', ')}
FROM (
  SELECT r.entity_id, r.line_no, ${sums.join(', ')}
  FROM (
    ${rowsOf(first.detection, bits.of(first.detection.where))}
  ) r
) w
GROUP BY w.entity_id`
  if (rules.length === 1) return `SELECT ${first.rule} AS rule, v.entity_id, v.b${first.rule} AS best FROM (\n${windows}\n) v WHERE v.b${first.rule} IS NOT NULL`
  const pick = rules.map(({ rule }) => `WHEN ${rule} THEN v.b${rule}`).join(' ')
  return `SELECT u.rule, u.entity_id, u.best
FROM (
  SELECT t.rule, v.entity_id, CASE t.rule ${pick} END AS best
  FROM (
${windows}
  ) v
  CROSS JOIN (${rules.map(({ rule }) => `SELECT ${rule} AS rule`).join(' UNION ALL ')}) t
) u
WHERE u.best IS NOT NULL`
}

const VALUE_ID = { user_name: 'l.account_id', address: 'l.source_id' } as const

/**
 * Exact without DISTINCT in a window, which Spark lacks: a value is live from its first event until a window's length after its last one;
 * it is one island as long as no gap is longer than the window. The number of live islands at an event is the number of distinct values
 * in the window that ends there. Entities without enough values in the whole file are left out before.
 */
export function distinct({ rule, detection: d }: Rule<'distinct'>, bits: Bits): string {
  const window = micros(d.parameters.window_s)
  const value = VALUE_ID[d.parameters.field]
  const mask = bits.of(d.where)
  return `SELECT ${rule} AS rule, w.entity_id, max(${packed('observed')}) AS best
FROM (
  SELECT p.entity_id, p.line_no, p.step, sum(p.step) OVER (
    PARTITION BY p.entity_id ORDER BY p.at_us, p.step DESC, p.line_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS observed
  FROM (
    SELECT m.entity_id, m.line_no, t.step, CASE WHEN t.step = 1 THEN m.at_us ELSE m.at_us + ${window} END AS at_us
    FROM (
      SELECT r.entity_id, r.at_us, r.line_no,
        lag(r.at_us) OVER (PARTITION BY r.entity_id, r.value ORDER BY r.at_us, r.line_no) AS before_us,
        lead(r.at_us) OVER (PARTITION BY r.entity_id, r.value ORDER BY r.at_us, r.line_no) AS after_us
      FROM (
    ${rowsOf(d, mask, [`${value} AS value`])} AND ${value} IS NOT NULL
      ) r
      JOIN (
        SELECT v.entity_id
        FROM (
    SELECT DISTINCT ${ENTITY_ID[d.entity]} AS entity_id, ${value} AS value
    FROM ${looksOf(d.entity)}
    WHERE (l.fits & (${mask})) <> 0 AND ${value} IS NOT NULL
        ) v
        GROUP BY v.entity_id
        HAVING count(*) >= ${d.parameters.threshold}
      ) c ON c.entity_id = r.entity_id
    ) m
    CROSS JOIN (SELECT 1 AS step UNION ALL SELECT -1 AS step) t
    WHERE (t.step = 1 AND (m.before_us IS NULL OR m.at_us - m.before_us > ${window}))
      OR (t.step = -1 AND (m.after_us IS NULL OR m.after_us - m.at_us > ${window}))
  ) p
) w
WHERE w.step = 1 AND w.observed >= ${d.parameters.threshold}
GROUP BY w.entity_id`
}

/** `where` counted up to each event that fits `then`. Events of the very same microsecond count whatever their order. */
export function sequence({ rule, detection: d }: Rule<'sequence'>, bits: Bits): string {
  const counted = `CASE WHEN (l.fits & ${bits.of(d.where)}) <> 0 THEN l.tries ELSE 0 END`
  const closes = `CASE WHEN (l.fits & ${bits.of(d.then)}) <> 0 THEN 1 ELSE 0 END`
  const mask = bits.any(d.where, d.then)
  return `SELECT ${rule} AS rule, w.entity_id, max(${packed('observed')}) AS best
FROM (
  SELECT r.entity_id, r.line_no, r.closes, ${sumOver('r.counted', d.parameters.window_s)} AS observed
  FROM (
    ${rowsOf(d, mask, [`${counted} AS counted`, `${closes} AS closes`])}
  ) r
  JOIN (
    SELECT ${ENTITY_ID[d.entity]} AS entity_id
    FROM ${looksOf(d.entity)}
    WHERE (l.fits & (${mask})) <> 0
    GROUP BY ${ENTITY_ID[d.entity]}
    HAVING sum(${counted}) >= ${d.parameters.threshold} AND max(${closes}) = 1
  ) c ON c.entity_id = r.entity_id
) w
WHERE w.closes = 1 AND w.observed >= ${d.parameters.threshold}
GROUP BY w.entity_id`
}

/** Gaps between consecutive events: their median long, their quartiles close together. */
export function regular({ rule, detection: d }: Rule<'regular'>, bits: Bits): string {
  const { threshold, min_interval_s, max_spread } = d.parameters
  const cancels = d.unless === undefined ? '0' : `CASE WHEN (l.fits & ${bits.of(d.unless)}) <> 0 THEN 1 ELSE 0 END`
  const mask = d.unless === undefined ? bits.of(d.where) : bits.any(d.where, d.unless)
  const quartile = (share: string): string => `percentile_cont(${share}) WITHIN GROUP (ORDER BY g.gap_us)`
  // Half of the gaps are at least the median, so an entity of a shorter span cannot fit.
  const shortest = micros(min_interval_s * Math.ceil((threshold - 1) / 2))
  return `SELECT ${rule} AS rule, w.entity_id, ${packed('observed')} AS best
FROM (
  SELECT g.entity_id, count(*) AS observed, max(g.line_no) AS line_no
  FROM (
    SELECT r.entity_id, r.line_no, r.at_us - lag(r.at_us) OVER (PARTITION BY r.entity_id ORDER BY r.at_us, r.line_no) AS gap_us
    FROM (
    ${rowsOf(d, bits.of(d.where))}
    ) r
    JOIN (
      SELECT ${ENTITY_ID[d.entity]} AS entity_id
      FROM ${looksOf(d.entity)}
      WHERE (l.fits & (${mask})) <> 0
      GROUP BY ${ENTITY_ID[d.entity]}
      HAVING count(*) >= ${threshold} AND max(l.at_us) - min(l.at_us) >= ${shortest} AND max(${cancels}) = 0
    ) c ON c.entity_id = r.entity_id
  ) g
  GROUP BY g.entity_id
  HAVING ${quartile('0.5')} >= ${micros(min_interval_s)}
    AND ${quartile('0.75')} - ${quartile('0.25')} <= ${max_spread} * ${quartile('0.5')}
) w`
}
