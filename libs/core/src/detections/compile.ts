import { type Detection, SEVERITIES } from './detection.ts'
import { distinct, PACK, regular, type Rule, sequence, thresholds } from './kinds.ts'
import { Bits, looks } from './looks.ts'
import { ENTITY_ID, literal, looksOf, micros } from './sql.ts'

const EMPTY = 'SELECT CAST(NULL AS INT) AS rule, CAST(NULL AS BIGINT) AS entity_id, CAST(NULL AS BIGINT) AS best WHERE false'
/** Longer than any log, for kinds that look at all of an entity's events. */
const ALWAYS_S = 1e11

const NAMES = {
  address: { table: 'sources', id: 'source_id', name: 'n.address' },
  user: { table: 'accounts', id: 'account_id', name: 'n.user_name' },
  host: { table: '(SELECT DISTINCT host_id, host FROM sources)', id: 'host_id', name: 'n.host' },
} as const satisfies Record<Detection['entity'], object>

/**
 * The detections as SELECTs in the subset that Spark 3.4 and DuckDB share, by file name, each reading those before it:
 * - looks.sql, over the views `signals`, `sources` and `accounts`: the rows that detections look at, numbers for names.
 * - strongest.sql: rule (place of the detection in id order), entity_id and the strongest window of each, packed into one number.
 * - detections.sql: at most one row for each detection, host and entity. Columns: id, title, technique, severity, severity_rank (0 info … 4
 *   critical), entity_kind, host, entity, observed (at most 100 million), threshold, start_us and end_us (µs since the epoch of the first and
 *   last event), first_line, last_line.
 */
export function compileDetections(detections: readonly Detection[]): ReadonlyMap<string, string> {
  const rules = detections.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((detection, rule) => ({ rule, detection }))
  const bits = new Bits(detections)
  return new Map([
    ['looks.sql', looks(bits)],
    ['strongest.sql', strongest(rules, bits)],
    ['detections.sql', hits(rules, bits)],
  ])
}

const isKind = <Kind extends Detection['kind']>(rule: Rule, kind: Kind): rule is Rule & Rule<Kind> => rule.detection.kind === kind

function strongest(rules: readonly Rule[], bits: Bits): string {
  const sharing = Map.groupBy(
    rules.filter((rule) => isKind(rule, 'threshold')),
    ({ detection }) => `${detection.entity} ${bits.of(detection.where)}`,
  )
  const parts = [
    ...[...sharing.values()].map((group) => thresholds(group, bits)),
    ...rules.flatMap((rule) => {
      if (isKind(rule, 'distinct')) return [distinct(rule, bits)]
      if (isKind(rule, 'sequence')) return [sequence(rule, bits)]
      return isKind(rule, 'regular') ? [regular(rule, bits)] : []
    }),
  ]
  return parts.length === 0 ? EMPTY : parts.join('\nUNION ALL\n')
}

/** What is the same for all hits of a detection. */
function constants({ rule, detection: d }: Rule, bits: Bits): string {
  const window = 'window_s' in d.parameters ? d.parameters.window_s : ALWAYS_S
  const mask = d.kind === 'sequence' ? bits.any(d.where, d.then) : bits.of(d.where)
  return `SELECT ${rule} AS rule, ${literal(d.id)} AS id, ${literal(d.title)} AS title, ${literal(d.technique)} AS technique, ${literal(d.severity)} AS severity, ${SEVERITIES.indexOf(d.severity)} AS severity_rank, CAST(${d.parameters.threshold} AS BIGINT) AS threshold, CAST(${micros(window)} AS BIGINT) AS window_us, CAST(${mask} AS BIGINT) AS mask`
}

/** The windows of one kind of entity taken apart, named, and with their first event, which is found by joining back: for hits only. */
function hitsOf(entity: Detection['entity'], rules: readonly Rule[], bits: Bits): string {
  const { table, id, name } = NAMES[entity]
  return `SELECT b.id, b.title, b.technique, b.severity, b.severity_rank, ${literal(entity)} AS entity_kind, n.host, ${name} AS entity,
  b.observed, b.threshold, b.start_us, b.end_us, b.first_line, b.end_line AS last_line
FROM (
  SELECT h.id, h.title, h.technique, h.severity, h.severity_rank, h.entity_id, h.observed, h.threshold, h.end_us, h.end_line,
    min(r.at_us) AS start_us, min(r.line_no) AS first_line
  FROM (
    SELECT q.*, z.at_us AS end_us
    FROM (
      SELECT c.*, w.entity_id, w.observed, w.observed * ${PACK} + ${PACK / 2} - w.best AS end_line
      FROM (SELECT s.*, CAST(floor(s.best / ${PACK}.0) AS BIGINT) AS observed FROM strongest s) w
      JOIN (
        ${rules.map((rule) => constants(rule, bits)).join('\n        UNION ALL ')}
      ) c ON c.rule = w.rule
    ) q
    JOIN looks z ON z.line_no = q.end_line
  ) h
  JOIN (
    SELECT ${ENTITY_ID[entity]} AS entity_id, l.at_us, l.line_no, l.fits FROM ${looksOf(entity)}
  ) r ON r.entity_id = h.entity_id AND r.at_us <= h.end_us AND r.at_us >= h.end_us - h.window_us AND (r.fits & h.mask) <> 0
  GROUP BY h.id, h.title, h.technique, h.severity, h.severity_rank, h.entity_id, h.observed, h.threshold, h.end_us, h.end_line
) b
JOIN ${table} n ON n.${id} = b.entity_id`
}

const NONE = `SELECT CAST(NULL AS STRING) AS id, CAST(NULL AS STRING) AS title, CAST(NULL AS STRING) AS technique, CAST(NULL AS STRING) AS severity,
  0 AS severity_rank, CAST(NULL AS STRING) AS entity_kind, CAST(NULL AS STRING) AS host, CAST(NULL AS STRING) AS entity,
  CAST(0 AS BIGINT) AS observed, CAST(0 AS BIGINT) AS threshold, CAST(0 AS BIGINT) AS start_us, CAST(0 AS BIGINT) AS end_us,
  CAST(0 AS BIGINT) AS first_line, CAST(0 AS BIGINT) AS last_line
WHERE false`

function hits(rules: readonly Rule[], bits: Bits): string {
  const byEntity = Map.groupBy(rules, ({ detection }) => detection.entity)
  return byEntity.size === 0 ? NONE : [...byEntity].map(([entity, some]) => hitsOf(entity, some, bits)).join('\nUNION ALL\n')
}
