import { type Detection, SEVERITIES } from './detection.ts'
import { candidates } from './kinds.ts'
import { literal, relevant, rowsOf } from './sql.ts'

/**
 * The strongest window of each (host, entity), of equals the one whose last line comes first. Grouping twice is cheaper than numbering all
 * candidates; the first line is found by joining back, for hits only.
 */
function compileDetection(d: Detection): string {
  return `SELECT ${literal(d.id)} AS id, ${literal(d.title)} AS title, ${literal(d.technique)} AS technique, ${literal(d.severity)} AS severity,
  ${SEVERITIES.indexOf(d.severity)} AS severity_rank, ${literal(d.entity)} AS entity_kind, b.host, b.entity,
  CAST(b.observed AS BIGINT) AS observed, CAST(${d.parameters.threshold} AS BIGINT) AS threshold,
  min(e.at_us) AS start_us, b.end_us, min(e.line_no) AS first_line, b.end_line AS last_line
FROM (
  SELECT g.host, g.entity, max(g.observed) AS observed, max_by(g.start_us, g.observed) AS start_us,
    max_by(g.end_us, g.observed) AS end_us, max_by(g.end_line, g.observed) AS end_line
  FROM (
    SELECT k.host, k.entity, k.observed, min_by(k.start_us, k.end_line) AS start_us, min_by(k.end_us, k.end_line) AS end_us,
      min(k.end_line) AS end_line
    FROM (
${candidates(d)}
    ) k
    GROUP BY k.host, k.entity, k.observed
  ) g
  GROUP BY g.host, g.entity
) b
JOIN (${rowsOf(d, relevant(d))}) e ON e.host = b.host AND e.entity = b.entity AND e.at_us >= b.start_us AND e.at_us <= b.end_us
GROUP BY b.host, b.entity, b.observed, b.end_us, b.end_line`
}

const NONE = `SELECT CAST(NULL AS STRING) AS id, CAST(NULL AS STRING) AS title, CAST(NULL AS STRING) AS technique, CAST(NULL AS STRING) AS severity,
  0 AS severity_rank, CAST(NULL AS STRING) AS entity_kind, CAST(NULL AS STRING) AS host, CAST(NULL AS STRING) AS entity,
  CAST(0 AS BIGINT) AS observed, CAST(0 AS BIGINT) AS threshold, CAST(0 AS BIGINT) AS start_us, CAST(0 AS BIGINT) AS end_us,
  CAST(0 AS BIGINT) AS first_line, CAST(0 AS BIGINT) AS last_line
WHERE false`

/**
 * All detections as one SELECT over the views `signals` and `attempts`: at most one row for each detection, host and entity. Columns: id, title,
 * technique, severity, severity_rank (0 info … 4 critical), entity_kind, host, entity, observed, threshold, start_us and end_us (µs since
 * the epoch of the first and last event), first_line, last_line. In the subset that Spark 3.4 and DuckDB share.
 */
export function compileDetections(detections: readonly Detection[]): string {
  const sorted = detections.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return sorted.length === 0 ? NONE : sorted.map(compileDetection).join('\nUNION ALL\n')
}
