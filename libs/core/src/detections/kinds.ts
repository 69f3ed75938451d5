import type { Detection, DetectionOf } from './detection.ts'
import { ACCEPTED, type Bits } from './looks.ts'
import { ENTITY_ID, looksOf, micros, rowsOf, type Scope } from './sql.ts'
import { fires, guardSeconds, type Half, HALVES, halvesOf, sumOver, type Windowed, windows } from './windows.ts'

/** A detection that sums over windows has a way of its own, ./windows.ts. */
export const isWindowed = (d: Detection): d is Windowed => d.kind === 'threshold' || d.kind === 'sequence'

/**
 * Each kind as a SELECT of firings: entity_id, at_us and line_no of the event at which a window ends that reaches the threshold, and what was
 * observed in it.
 */
export function firings(d: Detection, bits: Bits): string {
  switch (d.kind) {
    case 'threshold':
    case 'sequence':
      return halvesOf(d, bits).map((half) => windowed(d, bits, half)).join('\nUNION ALL\n')
    case 'distinct':
      return halvesOf(d, bits).map((half) => (half === 'sometimes' ? weighed(d, distinct(d, bits, half)) : distinct(d, bits, half))).join('\nUNION ALL\n')
    case 'regular':
      return regular(d, bits)
    case 'first_seen':
      return firstSeen(d)
    case 'unusual_hour':
      return unusualHour(d)
    case 'burst':
      return burst(d)
  }
}

const windowed = (detection: Windowed, bits: Bits, half: Half): string => `SELECT w.entity_id, w.at_us, w.line_no, w.n0 AS observed
FROM (
  ${windows([{ rule: 0, detection }], bits, half)}
) w
WHERE ${fires({ rule: 0, detection }, half)}`

/** The firings without those that the address's accepted logins outweigh. */
function weighed({ parameters: { quiet_share, window_s } }: DetectionOf<'distinct'>, select: string): string {
  return `SELECT x.entity_id, x.at_us, x.line_no, x.observed
FROM (
  SELECT u.entity_id, u.at_us, u.line_no, u.observed, ${sumOver('u', 'accepted', guardSeconds(window_s))} AS accepted_before
  FROM (
    SELECT f.entity_id, f.at_us, f.line_no, f.observed, 0 AS accepted FROM (
${select}
    ) f
    UNION ALL
    ${rowsOf('address', String(ACCEPTED), HALVES.sometimes, ['0 AS observed', 'l.tries AS accepted'])}
  ) u
) x
WHERE x.observed > 0 AND x.accepted_before < ${quiet_share} * x.observed`
}

const VALUE_ID = { user_name: 'l.account_id', address: 'l.source_id', host: 'o.host_id' } as const

/**
 * Exact without DISTINCT in a window, which Spark lacks: a value is live from its first event until a window's length after its last one;
 * it is one island as long as no gap is longer than the window. The number of live islands at an event is the number of distinct values
 * in the window that ends there.
 *
 * A window lies within two neighbours of the time cut into pieces of at least its length, so only rows in two neighbours that together have
 * enough values are looked at; `visits` tells which those are.
 */
function distinct(d: DetectionOf<'distinct'>, bits: Bits, half: Half): string {
  if (d.parameters.field !== 'host') return distinctOf(d.entity, d, bits, half)
  // Once for the address, at the host where most had been tried: not a row for each of hundreds of hosts.
  return `SELECT l.source_id AS entity_id, a.at_us, a.line_no, a.observed
FROM (
  SELECT v.*, row_number() OVER (PARTITION BY v.entity_id ORDER BY v.observed DESC, v.line_no) AS place
  FROM (
${distinctOf('address_anywhere', d, bits, half)}
  ) v
  WHERE v.line_no >= 1
) a
JOIN looks l ON l.line_no = a.line_no
WHERE a.place = 1`
}

function distinctOf(scope: Scope, d: DetectionOf<'distinct'>, bits: Bits, half: Half): string {
  const only = HALVES[half]
  const { threshold, window_s } = d.parameters
  const window = micros(window_s)
  const value = VALUE_ID[d.parameters.field]
  const mask = bits.of(d.where)
  const hours = Math.ceil(window_s / 3600)
  const piece = (hour: string): string => `CAST(floor(${hour} / ${hours}.0) AS BIGINT)`
  return `SELECT w.entity_id, w.at_us, w.line_no, w.observed
FROM (
  SELECT p.entity_id, p.at_us, p.line_no, p.step, CAST(sum(p.step) OVER (
    PARTITION BY p.entity_id ORDER BY p.at_us, p.step DESC, p.line_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS BIGINT) AS observed
  FROM (
    SELECT m.entity_id, m.line_no, t.step, CASE WHEN t.step = 1 THEN m.at_us ELSE m.at_us + ${window} END AS at_us
    FROM (
      SELECT r.entity_id, r.at_us, r.line_no,
        lag(r.at_us) OVER (PARTITION BY r.entity_id, r.value ORDER BY r.at_us, r.line_no) AS before_us,
        lead(r.at_us) OVER (PARTITION BY r.entity_id, r.value ORDER BY r.at_us, r.line_no) AS after_us
      FROM (
    ${rowsOf(scope, mask, only, [`${value} AS value`, `${piece('floor(l.at_us / 3600000000.0)')} AS piece`])} AND ${value} IS NOT NULL
      ) r
      JOIN (
        SELECT DISTINCT b.entity_id, b.piece - t.back AS piece
        FROM (
          SELECT n.entity_id, n.piece, n.differing + CASE
            WHEN lag(n.piece) OVER (PARTITION BY n.entity_id ORDER BY n.piece) = n.piece - 1
            THEN lag(n.differing) OVER (PARTITION BY n.entity_id ORDER BY n.piece) ELSE 0 END AS most
          FROM (
            SELECT v.entity_id, v.piece, count(*) AS differing
            FROM (
    SELECT DISTINCT ${ENTITY_ID[scope]} AS entity_id, ${value} AS value, ${piece('l.hour_no')} AS piece
    FROM ${looksOf(scope, 'visits')}
    WHERE ${ENTITY_ID[scope]} IS NOT NULL AND ${value} IS NOT NULL AND (l.fits & ${mask}) <> 0 AND ${only}
            ) v
            GROUP BY v.entity_id, v.piece
          ) n
        ) b
        CROSS JOIN (SELECT 0 AS back UNION ALL SELECT 1 AS back) t
        WHERE b.most >= ${threshold}
      ) c ON c.entity_id = r.entity_id AND c.piece = r.piece
    ) m
    CROSS JOIN (SELECT 1 AS step UNION ALL SELECT -1 AS step) t
    WHERE (t.step = 1 AND (m.before_us IS NULL OR m.at_us - m.before_us > ${window}))
      OR (t.step = -1 AND (m.after_us IS NULL OR m.after_us - m.at_us > ${window}))
  ) p
) w
WHERE w.step = 1 AND w.observed >= ${threshold}`
}

/** Gaps between consecutive events: their median long, their quartiles close together. */
function regular(d: DetectionOf<'regular'>, bits: Bits): string {
  const { threshold, min_interval_s, max_spread } = d.parameters
  const cancels = d.unless === undefined ? '0' : `CASE WHEN (l.fits & ${bits.of(d.unless)}) <> 0 THEN 1 ELSE 0 END`
  const mask = d.unless === undefined ? bits.of(d.where) : bits.any(d.where, d.unless)
  const quartile = (share: string): string => `percentile_cont(${share}) WITHIN GROUP (ORDER BY g.gap_us)`
  // Half of the gaps are at least the median, so an entity of a shorter span cannot fit.
  const shortest = micros(min_interval_s * Math.ceil((threshold - 1) / 2))
  return `SELECT g.entity_id, max(g.at_us) AS at_us, max(g.line_no) AS line_no, count(*) AS observed
FROM (
  SELECT r.entity_id, r.at_us, r.line_no, r.at_us - lag(r.at_us) OVER (PARTITION BY r.entity_id ORDER BY r.at_us, r.line_no) AS gap_us
  FROM (
    ${rowsOf(d.entity, bits.of(d.where), HALVES.all)}
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
HAVING count(*) >= ${threshold} AND ${quartile('0.5')} >= ${micros(min_interval_s)}
  AND ${quartile('0.75')} - ${quartile('0.25')} <= ${max_spread} * ${quartile('0.5')}`
}

/** What was observed is the number of the user's logins before. */
const firstSeen = ({ parameters: p }: DetectionOf<'first_seen'>): string => `SELECT f.account_id AS entity_id, f.at_us, f.line_no, f.logins AS observed
FROM (
  SELECT n.account_id, n.at_us, n.line_no,
    n.logins_before + coalesce(k.logins, 0) AS logins,
    n.networks_before + coalesce(k.networks, 0) AS networks,
    n.at_us - least(n.first_us, coalesce(k.first_us, n.first_us)) AS since_us
  FROM logins n
  LEFT JOIN (
    SELECT h.user_name, CAST(sum(h.logins) AS BIGINT) AS logins, count(DISTINCT coalesce(w.subnet, h.address)) AS networks,
      unix_micros(try_cast(min(h.first_day) AS TIMESTAMP)) AS first_us
    FROM known_logins h
    JOIN networks w ON w.address = h.address
    GROUP BY h.user_name
  ) k ON k.user_name = n.user_name
  LEFT JOIN (
    SELECT DISTINCT h.user_name, coalesce(w.subnet, h.address) AS network FROM known_logins h JOIN networks w ON w.address = h.address
  ) s ON s.user_name = n.user_name AND s.network = n.network
  WHERE n.network_place = 1 AND s.user_name IS NULL
) f
WHERE f.logins >= ${p.threshold} AND f.since_us >= ${micros(p.min_days * 86_400)} AND f.networks <= ${p.max_share} * f.logins`

/** The first login of an hour of the day is held against the hours known and those of the file before it; observed as for first_seen. */
const unusualHour = ({ parameters: p }: DetectionOf<'unusual_hour'>): string => {
  // A login `h` hours off lies in a gap of 2h − 1 hours, at one of 24 places.
  const least = (h: number): number => Math.max(p.threshold, Math.ceil(Math.log(p.chance / 24) / Math.log((25 - 2 * h) / 24)))
  const enough = Array.from({ length: 13 - p.hours_off }, (_, i) => `WHEN ${p.hours_off + i} THEN ${least(p.hours_off + i)}`).join(' ')
  const off = 'least(abs(n.hour - h.hour), 24 - abs(n.hour - h.hour))'
  return `SELECT f.account_id AS entity_id, f.at_us, f.line_no, f.logins AS observed
FROM (
  SELECT n.account_id, n.at_us, n.line_no, n.logins_before + coalesce(max(k.logins), 0) AS logins, min(${off}) AS hours_off
  FROM logins n
  JOIN (
    SELECT o.user_name, o.hour, o.at_us, o.line_no FROM logins o WHERE o.hour_place = 1
    UNION ALL
    SELECT e.user_name, e.hour, CAST(-${2 ** 52} AS BIGINT) AS at_us, CAST(-${2 ** 52} AS BIGINT) AS line_no FROM known_hours e
  ) h ON h.user_name = n.user_name AND (h.at_us < n.at_us OR (h.at_us = n.at_us AND h.line_no < n.line_no))
  LEFT JOIN (SELECT e.user_name, CAST(sum(e.logins) AS BIGINT) AS logins FROM known_hours e GROUP BY e.user_name) k ON k.user_name = n.user_name
  WHERE n.hour_place = 1
  GROUP BY n.account_id, n.at_us, n.line_no, n.logins_before
) f
WHERE f.logins >= CASE f.hours_off ${enough} END`
}

const burst = ({ parameters: p }: DetectionOf<'burst'>): string => `SELECT o.host_id AS entity_id, h.last_us AS at_us, h.last_line AS line_no, h.lines AS observed
FROM host_hours h
JOIN (
  SELECT u.host, percentile_cont(0.5) WITHIN GROUP (ORDER BY u.lines) AS usual
  FROM host_hours u
  GROUP BY u.host
  HAVING count(*) >= ${p.min_hours}
) m ON m.host = h.host
JOIN (SELECT DISTINCT s.host, s.host_id FROM sources s) o ON o.host = h.host
WHERE h.lines >= ${p.threshold} AND h.lines >= ${p.times} * m.usual`
