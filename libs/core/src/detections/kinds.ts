import type { Detection, DetectionOf } from './detection.ts'
import { condition, micros, relevant, rowsOf } from './sql.ts'

/**
 * Each kind as a SELECT of candidates (host, entity, observed, start_us, end_us, end_line): windows past the threshold, `end_line` the line that
 * closes the window. compile.ts takes the strongest for each entity.
 */

/** A sum over the seconds up to each event, the event included. */
function threshold(d: DetectionOf<'threshold'>): string {
  return `SELECT w.host, w.entity, w.observed, w.at_us - ${micros(d.parameters.window_s)} AS start_us, w.at_us AS end_us, w.line_no AS end_line
FROM (
  SELECT r.host, r.entity, r.at_us, r.line_no, sum(r.tries) OVER (
    PARTITION BY r.host, r.entity ORDER BY r.at_us RANGE BETWEEN ${micros(d.parameters.window_s)} PRECEDING AND CURRENT ROW
  ) AS observed
  FROM (${rowsOf(d, relevant(d))}) r
) w
WHERE w.observed >= ${d.parameters.threshold}`
}

/**
 * Exact without DISTINCT in a window, which Spark lacks: a value is live from its first event until a window's length after its last one;
 * it is one island as long as no gap is longer than the window. The number of live islands at an event is the number of distinct values
 * in the window that ends there.
 */
function distinct(d: DetectionOf<'distinct'>): string {
  const window = micros(d.parameters.window_s)
  return `SELECT c.host, c.entity, c.observed, c.at_us - ${window} AS start_us, c.at_us AS end_us, c.line_no AS end_line
FROM (
  SELECT p.host, p.entity, p.at_us, p.line_no, p.step, sum(p.step) OVER (
    PARTITION BY p.host, p.entity ORDER BY p.at_us, p.step DESC, p.line_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS observed
  FROM (
    SELECT m.host, m.entity, m.line_no, t.step, CASE WHEN t.step = 1 THEN m.at_us ELSE m.at_us + ${window} END AS at_us
    FROM (
      SELECT r.host, r.entity, r.at_us, r.line_no,
        lag(r.at_us) OVER (PARTITION BY r.host, r.entity, r.value ORDER BY r.at_us, r.line_no) AS before_us,
        lead(r.at_us) OVER (PARTITION BY r.host, r.entity, r.value ORDER BY r.at_us, r.line_no) AS after_us
      FROM (${rowsOf(d, `s.${d.parameters.field} IS NOT NULL AND ${relevant(d)}`, [`s.${d.parameters.field} AS value`])}) r
    ) m
    CROSS JOIN (SELECT 1 AS step UNION ALL SELECT -1 AS step) t
    WHERE (t.step = 1 AND (m.before_us IS NULL OR m.at_us - m.before_us > ${window}))
      OR (t.step = -1 AND (m.after_us IS NULL OR m.after_us - m.at_us > ${window}))
  ) p
) c
WHERE c.step = 1 AND c.observed >= ${d.parameters.threshold}`
}

/** `where` counted up to each event that fits `then`. Events of the very same microsecond count whatever their order. */
function sequence(d: DetectionOf<'sequence'>): string {
  const counted = `CASE WHEN ${condition(d.where, 's')} THEN s.tries ELSE 0 END AS counted`
  const closes = `CASE WHEN ${condition(d.then, 's')} THEN 1 ELSE 0 END AS closes`
  return `SELECT w.host, w.entity, w.observed, w.at_us - ${micros(d.parameters.window_s)} AS start_us, w.at_us AS end_us, w.line_no AS end_line
FROM (
  SELECT r.host, r.entity, r.at_us, r.line_no, r.closes, sum(r.counted) OVER (
    PARTITION BY r.host, r.entity ORDER BY r.at_us RANGE BETWEEN ${micros(d.parameters.window_s)} PRECEDING AND CURRENT ROW
  ) AS observed
  FROM (${rowsOf(d, relevant(d), [counted, closes])}) r
) w
WHERE w.closes = 1 AND w.observed >= ${d.parameters.threshold}`
}

/** Gaps between consecutive events: their median long, their quartiles close together. */
function regular(d: DetectionOf<'regular'>): string {
  const cancels = `CASE WHEN ${d.unless === undefined ? 'false' : condition(d.unless, 's')} THEN 1 ELSE 0 END AS cancels`
  const quartile = (share: string): string => `percentile_cont(${share}) WITHIN GROUP (ORDER BY g.gap_us)`
  return `SELECT g.host, g.entity, count(*) AS observed, min(g.at_us) AS start_us, max(g.at_us) AS end_us, max(g.line_no) AS end_line
FROM (
  SELECT r.host, r.entity, r.at_us, r.line_no, r.cancels,
    r.at_us - lag(r.at_us) OVER (PARTITION BY r.host, r.entity ORDER BY r.at_us, r.line_no) AS gap_us
  FROM (${rowsOf(d, relevant(d), [cancels])}) r
) g
GROUP BY g.host, g.entity
HAVING count(*) >= ${d.parameters.threshold} AND max(g.cancels) = 0
  AND ${quartile('0.5')} >= ${micros(d.parameters.min_interval_s)}
  AND ${quartile('0.75')} - ${quartile('0.25')} <= ${d.parameters.max_spread} * ${quartile('0.5')}`
}

export function candidates(d: Detection): string {
  switch (d.kind) {
    case 'threshold': return threshold(d)
    case 'distinct': return distinct(d)
    case 'sequence': return sequence(d)
    case 'regular': return regular(d)
  }
}
