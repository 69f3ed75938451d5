import { type Detection, type Entity, SEVERITIES } from './detection.ts'
import { firings, isWindowed } from './kinds.ts'
import { Bits, looks } from './looks.ts'
import { ENTITY_ID, literal, looksOf, micros } from './sql.ts'
import { fires, type Half, halvesOf, type Numbered, sharingKey, type Windowed, windows } from './windows.ts'

type Rule = Numbered<Detection>

/** Longer than any log, for kinds that look at all of an entity's events. */
const ALWAYS_S = 1e11
const ANY = '-1'

/**
 * A window as one number, so that one max() finds the strongest and, of equals, the one whose last line comes first: `observed` × 2^36 plus
 * 2^35 minus the line that closes it. A hit must close in this file; what it began with may have been carried along.
 */
const PACK = 2 ** 36
const MOST_OBSERVED = 100_000_000
const packed = (alias: string, observed: string, fires = 'true'): string =>
  `CASE WHEN ${fires} AND ${alias}.line_no >= 1 THEN CAST(least(${alias}.${observed}, ${MOST_OBSERVED}) AS BIGINT) * ${PACK} + ${PACK / 2} - ${alias}.line_no END`
const first = (alias: string, fires = 'true'): string => `min(CASE WHEN ${fires} AND ${alias}.line_no >= 1 THEN ${alias}.line_no END)`

const NAMES = {
  address: { table: 'sources', id: 'source_id', name: 'n.address' },
  subnet: { table: '(SELECT DISTINCT subnet_id, host, subnet FROM sources WHERE subnet IS NOT NULL)', id: 'subnet_id', name: 'n.subnet' },
  user: { table: 'accounts', id: 'account_id', name: 'n.user_name' },
  host: { table: '(SELECT DISTINCT host_id, host FROM sources)', id: 'host_id', name: 'n.host' },
} as const satisfies Record<Entity, object>

const numbered = (detections: readonly Detection[]): Rule[] =>
  detections.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((detection, rule) => ({ rule, detection }))

/**
 * The detections as SELECTs in the subset that Spark 3.4 and DuckDB share, by file name, each reading those before it:
 * - looks.sql, over the views `signals`, `sources` and `accounts`: the rows that detections look at, numbers for names.
 * - strongest.sql, over looks, `logins` and `host_hours`: rule, entity_id, best (the strongest window, packed), end_us, fired_line.
 * - detections.sql: at most one row for each detection, host and entity. Columns: id, title, technique, severity, severity_rank (0 info … 4
 *   critical), entity_kind, host, entity, observed (at most 100 million), threshold, start_us and end_us (µs since the epoch of the first and
 *   last event), first_line (below 1: carried along from the file before), last_line, fired_line (at which the threshold was first reached).
 */
export function compileDetections(detections: readonly Detection[]): ReadonlyMap<string, string> {
  const rules = numbered(detections)
  const bits = new Bits(detections)
  return new Map([
    ['looks.sql', looks(bits)],
    ['strongest.sql', strongest(rules, bits)],
    ['detections.sql', hits(rules, bits)],
  ])
}

/** Every firing of each detection, not the strongest alone: id, kind (of entity), host, entity, at_us. Over the relations of compileDetections. */
export function compileFirings(detections: readonly Detection[]): string {
  const bits = new Bits(detections)
  const parts = numbered(detections).map(({ detection }) => {
    const { table, id, name } = NAMES[detection.entity]
    return `SELECT ${literal(detection.id)} AS id, ${literal(detection.entity)} AS kind, n.host, ${name} AS entity, f.at_us
FROM (
${firings(detection, bits)}
) f
JOIN ${table} n ON n.${id} = f.entity_id
WHERE f.line_no >= 1`
  })
  return parts.join('\nUNION ALL\n')
}

const EMPTY = `SELECT 0 AS rule, CAST(NULL AS BIGINT) AS entity_id, CAST(NULL AS BIGINT) AS best, CAST(NULL AS BIGINT) AS end_us,
  CAST(NULL AS BIGINT) AS fired_line
WHERE false`

function strongest(rules: readonly Rule[], bits: Bits): string {
  const shared = Map.groupBy(rules.filter(isWindowedRule), ({ detection }) => sharingKey(detection, bits))
  const parts = [
    ...[...shared.values()].flatMap((group) => halvesOf(group[0]!.detection, bits).map((half) => together(group, bits, half))),
    ...rules.filter((rule) => !isWindowedRule(rule)).map((rule) => alone(rule, bits)),
  ]
  return parts.length === 0 ? EMPTY : parts.join('\nUNION ALL\n')
}

const isWindowedRule = (rule: Rule): rule is Numbered<Windowed> => isWindowed(rule.detection)

const alone = ({ rule, detection }: Rule, bits: Bits): string => `SELECT ${rule} AS rule, f.entity_id, max(${packed('f', 'observed')}) AS best,
  max_by(f.at_us, ${packed('f', 'observed')}) AS end_us, ${first('f')} AS fired_line
FROM (
${firings(detection, bits)}
) f
WHERE f.line_no >= 1
GROUP BY f.entity_id`

/** One row an entity with the windows of all rules side by side, then a row each. */
function together(rules: readonly Numbered<Windowed>[], bits: Bits, half: Half): string {
  const best = rules.map((one) => {
    const window = packed('w', `n${one.rule}`, fires(one, half))
    return `max(${window}) AS b${one.rule}, max_by(w.at_us, ${window}) AS e${one.rule}, ${first('w', fires(one, half))} AS f${one.rule}`
  })
  const pick = (prefix: string): string => `CASE t.rule ${rules.map(({ rule }) => `WHEN ${rule} THEN v.${prefix}${rule}`).join(' ')} END`
  return `SELECT u.rule, u.entity_id, u.best, u.end_us, u.fired_line
FROM (
  SELECT t.rule, v.entity_id, ${pick('b')} AS best, ${pick('e')} AS end_us, ${pick('f')} AS fired_line
  FROM (
    SELECT w.entity_id, ${best.join(',\n      ')}
    FROM (
  ${windows(rules, bits, half)}
    ) w
    GROUP BY w.entity_id
  ) v
  CROSS JOIN (${rules.map(({ rule }) => `SELECT ${rule} AS rule`).join(' UNION ALL ')}) t
) u
WHERE u.best IS NOT NULL`
}

/** What is the same for all hits of a detection: its words, its numbers, and which rows of `looks` belong to its window. */
function constants({ rule, detection: d }: Rule, bits: Bits): string {
  const { mask, seconds } = reach(d, bits)
  return `SELECT ${rule} AS rule, ${literal(d.id)} AS id, ${literal(d.title)} AS title, ${literal(d.technique)} AS technique, ${literal(d.severity)} AS severity, ${SEVERITIES.indexOf(d.severity)} AS severity_rank, CAST(${d.parameters.threshold} AS BIGINT) AS threshold, CAST(${micros(seconds)} AS BIGINT) AS window_us, CAST(${mask} AS BIGINT) AS mask`
}

/** Bits of the rows that belong to a window, and its length in seconds. */
function reach(d: Detection, bits: Bits): { mask: string; seconds: number } {
  switch (d.kind) {
    case 'threshold':
    case 'distinct':
      return { mask: bits.of(d.where), seconds: d.parameters.window_s }
    case 'sequence':
      return { mask: bits.any(d.where, d.then), seconds: d.parameters.window_s }
    case 'regular':
      return { mask: bits.of(d.where), seconds: ALWAYS_S }
    case 'burst':
      return { mask: ANY, seconds: 3600 }
    default:
      return { mask: ANY, seconds: 0 }
  }
}

/** The windows of one kind of entity taken apart, named, and with their first event, which is found by joining back: for hits only. */
function hitsOf(entity: Entity, rules: readonly Rule[], bits: Bits): string {
  const { table, id, name } = NAMES[entity]
  const windows = `
    SELECT c.*, w.entity_id, w.observed, w.end_us, w.fired_line, w.observed * ${PACK} + ${PACK / 2} - w.best AS last_line
    FROM (SELECT s.*, CAST(floor(s.best / ${PACK}.0) AS BIGINT) AS observed FROM strongest s) w
    JOIN (
      ${rules.map((rule) => constants(rule, bits)).join('\n      UNION ALL ')}
    ) c ON c.rule = w.rule`
  return `SELECT h.id, h.title, h.technique, h.severity, h.severity_rank, ${literal(entity)} AS entity_kind, n.host, ${name} AS entity,
  h.observed, h.threshold, coalesce(b.start_us, h.end_us) AS start_us, h.end_us, coalesce(b.first_line, h.last_line) AS first_line, h.last_line, h.fired_line
FROM (${windows}
) h
JOIN ${table} n ON n.${id} = h.entity_id
LEFT JOIN (
  SELECT g.rule, g.entity_id, min(r.at_us) AS start_us, min(r.line_no) AS first_line
  FROM (${windows}
  ) g
  JOIN (
    SELECT ${ENTITY_ID[entity]} AS entity_id, l.at_us, l.line_no, l.fits FROM ${looksOf(entity)}
  ) r ON r.entity_id = g.entity_id
  WHERE r.at_us <= g.end_us AND r.at_us >= g.end_us - g.window_us AND (r.fits & g.mask) <> 0
  GROUP BY g.rule, g.entity_id
) b ON b.rule = h.rule AND b.entity_id = h.entity_id`
}

const NONE = `SELECT CAST(NULL AS STRING) AS id, CAST(NULL AS STRING) AS title, CAST(NULL AS STRING) AS technique, CAST(NULL AS STRING) AS severity,
  0 AS severity_rank, CAST(NULL AS STRING) AS entity_kind, CAST(NULL AS STRING) AS host, CAST(NULL AS STRING) AS entity,
  CAST(0 AS BIGINT) AS observed, CAST(0 AS BIGINT) AS threshold, CAST(0 AS BIGINT) AS start_us, CAST(0 AS BIGINT) AS end_us,
  CAST(0 AS BIGINT) AS first_line, CAST(0 AS BIGINT) AS last_line, CAST(0 AS BIGINT) AS fired_line
WHERE false`

function hits(rules: readonly Rule[], bits: Bits): string {
  const byEntity = Map.groupBy(rules, ({ detection }) => detection.entity)
  return byEntity.size === 0 ? NONE : [...byEntity].map(([entity, some]) => hitsOf(entity, some, bits)).join('\nUNION ALL\n')
}
