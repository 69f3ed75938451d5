import type { CompiledCatalogue } from '../../catalogue/compile.ts'
import { LINK_LINES } from '../link.ts'
import { RAW_CHARACTERS } from '../quarantine-writer.ts'
import { ADDRESS_SQL } from './address-sql.ts'
import { bodySql } from './body-sql.ts'
import { HEADER_SQL, TIME_SQL } from './header-sql.ts'

/** SELECTs that read `lines` (bronze) and `params` (see paramsSql), with the meaning of createSilverWriter. */
export interface SilverSql {
  /** The columns of SilverEvent in order; `time` is text. */
  readonly events: string
  /** The columns of QuarantinedLine in order. */
  readonly quarantine: string
}

/** Spark's names for what DuckDB spells otherwise; run once a database, before SilverSql. */
export const DUCKDB_PRELUDE = `CREATE OR REPLACE MACRO sha2(value, bits) AS sha256(value);
CREATE OR REPLACE MACRO rand() AS random();
CREATE OR REPLACE MACRO regexp_replace(value, pattern, replacement) AS system.main.regexp_replace(value, pattern, replacement, 'g');
`

/**
 * Settings that Spark 3.4 needs for SilverSql: literals as written, UTC, room for the analyser (the stages are deep), and no fusing of all
 * stages into one method, which would be too long for Java.
 */
export const SPARK_SETTINGS: Readonly<Record<string, string>> = {
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.parser.escapedStringLiterals': 'true',
  'spark.sql.analyzer.maxIterations': '1000',
  'spark.sql.codegen.wholeStage': 'false',
}

/** The value of the nearest line before or behind that has one, of the same session. */
const near = (value: string, by: 'max_by' | 'min_by', frame: string): string =>
  `${by}(p.${value}, CASE WHEN p.${value} IS NOT NULL THEN p.line_no END) OVER (PARTITION BY p.session_host, p.session_pid ORDER BY p.line_no RANGE BETWEEN ${frame})`
const nearest = (value: string): string =>
  `coalesce(${near(value, 'max_by', `${LINK_LINES} PRECEDING AND 1 PRECEDING`)},\n      ${near(value, 'min_by', `1 FOLLOWING AND ${LINK_LINES} FOLLOWING`)})`

/** In a session: sshd's own lines with a pid, but for those of the listening process. Event names are the catalogue's, snake_case. */
const inSession = (alone: readonly string[]): string =>
  `p.is_sshd AND p.pid IS NOT NULL${alone.length > 0 ? ` AND p.event NOT IN (${alone.map((name) => `'${name}'`).join(', ')})` : ''}`

const linkSql = (alone: readonly string[]): string => `sessions AS (
  SELECT p.*,
    ${inSession(alone)} AS has_session,
    coalesce(p.host, '') AS session_host,
    CASE WHEN ${inSession(alone)} THEN p.pid ELSE -p.line_no END AS session_pid,
    CASE WHEN p.own_address IS NOT NULL THEN p.own_address_raw END AS known_raw,
    nullif(p.own_user, '') AS known_user,
    CASE WHEN p.own_user <> '' THEN CASE WHEN p.own_user_valid THEN 'valid' WHEN NOT p.own_user_valid THEN 'invalid' ELSE 'unknown' END END AS known_valid
  FROM addressed p
),
linked AS (
  SELECT p.*,
    CASE WHEN p.has_session AND p.own_address IS NULL THEN ${nearest('own_address')} END AS near_address,
    CASE WHEN p.has_session AND p.own_address IS NULL THEN ${nearest('known_raw')} END AS near_raw,
    CASE WHEN p.has_session AND p.own_user IS NULL THEN ${nearest('known_user')} END AS near_user,
    CASE WHEN p.has_session AND p.own_user IS NULL THEN ${nearest('known_valid')} END AS near_valid
  FROM sessions p
)`

const EVENTS = `SELECT
  p.line_no, p.time_utc AS time, p.year_inferred, p.host, p.program, p.pid, p.event, p.outcome, p.attempt,
  coalesce(p.own_user, p.near_user) AS user,
  coalesce(p.own_user_valid, CASE p.near_valid WHEN 'valid' THEN true WHEN 'invalid' THEN false END) AS user_valid,
  coalesce(p.own_address, p.near_address) AS address,
  coalesce(p.own_address_raw, p.near_raw) AS address_raw,
  CASE WHEN p.near_address IS NOT NULL THEN 'session' WHEN p.own_address_raw IS NOT NULL THEN 'line' END AS address_from,
  CASE WHEN p.near_user IS NOT NULL THEN 'session' WHEN p.own_user IS NOT NULL THEN 'line' END AS user_from,
  p.rhost, p.port, p.method, p.fingerprint, p.protocol, p.reason, p.session, p.repeats AS repeat, p.template_id, p.template, p.message
FROM linked p
ORDER BY p.line_no`

const QUARANTINE = `SELECT
  p.line_no, p.byte_offset, p.byte_length,
  CASE WHEN p.sha256 IS NOT NULL THEN p.sha256 WHEN p.raw_bytes IS NOT NULL THEN sha2(p.raw_bytes, 256) ELSE sha2(p.raw, 256) END AS sha256,
  p.quarantine_reason AS reason, substr(p.raw, 1, ${RAW_CHARACTERS}) AS raw
FROM judged p
WHERE p.quarantine_reason IS NOT NULL
ORDER BY p.line_no`

export function silverSql(catalogue: CompiledCatalogue): SilverSql {
  const timed = `timed AS (\n  SELECT p.*, ${TIME_SQL} AS time_utc\n  FROM judged p\n  WHERE p.quarantine_reason IS NULL\n)`
  return {
    events: `WITH ${[HEADER_SQL, timed, bodySql(catalogue.messages), ADDRESS_SQL, linkSql(catalogue.alone)].join(',\n')}\n${EVENTS}\n`,
    quarantine: `WITH ${HEADER_SQL}\n${QUARANTINE}\n`,
  }
}
