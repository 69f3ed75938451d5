import type { CompiledMessage } from '../../catalogue/compile.ts'
import type { HoleField } from '../../catalogue/document.ts'
import { MAX_LEVELS, MAX_REPEAT, MAX_REPEAT_DIGITS, PREFIXES, REPEATED, SUFFIXES, TIMES } from '../../catalogue/wrapper.ts'
import { SSHD_PROGRAMS } from '../tag.ts'
import { holeSql } from './hole-sql.ts'
import { matchSql, pick } from './match-sql.ts'
import { chain, firstWord, isDigits, like, lit, litOrNull, type Stage, trimEnd } from './text.ts'

const OPENING = REPEATED.length + TIMES.length

/** One level of `message repeated N times: [ … ]` taken off `inner<level>`. */
function unwrapLevel(level: number): Stage[] {
  const inner = `p.inner${level}`
  const n = `p.repeat_text${level}`
  return [
    { name: `w_trim${level}`, columns: { wrapped: trimEnd(inner) } },
    {
      name: `w_text${level}`,
      columns: { [`repeat_text${level}`]: `CASE WHEN ${like('p.wrapped', [REPEATED, `${TIMES}`, ']'])} THEN ${firstWord(`substr(p.wrapped, ${REPEATED.length + 1})`)} END` },
    },
    {
      name: `w_number${level}`,
      columns: {
        [`repeat${level}`]: `CASE WHEN ${isDigits(n, 1, MAX_REPEAT_DIGITS)} AND try_cast(${n} AS INT) > 0
        AND substr(p.wrapped, ${REPEATED.length + 1} + length(${n}), ${TIMES.length}) = ${lit(TIMES)}
        AND length(p.wrapped) > ${OPENING} + length(${n}) THEN try_cast(${n} AS INT) END`,
      },
    },
    {
      name: `w_inner${level}`,
      columns: {
        [`inner${level + 1}`]: `CASE WHEN p.repeat${level} IS NOT NULL
        THEN substr(p.wrapped, ${OPENING + 1} + length(${n}), length(p.wrapped) - ${OPENING + 1} - length(${n})) ELSE ${inner} END`,
      },
    },
  ].map(({ name, columns }) => ({ name, columns: Object.fromEntries(Object.entries(columns).map(([key, value]) => [key === 'wrapped' ? `wrapped${level}` : key, value.replaceAll('p.wrapped', `p.wrapped${level}`)])) }))
}

const levels = Array.from({ length: MAX_LEVELS }, (_, i) => i)
const isSshd = `coalesce(p.program IN (${SSHD_PROGRAMS.map(lit).join(', ')}), false)`
const firstOf = (value: string, ends: (text: string) => string[], texts: readonly string[]): string =>
  `CASE ${texts
    .filter(text => text !== '')
    .map(text => `WHEN ${like(value, ends(text))} THEN ${lit(text)}`)
    .join(' ')} ELSE '' END`

/** Quoted text, numbers and addresses become `<*>`: `mask` in the catalogue says the same. */
const masked = (value: string): string =>
  `regexp_replace(regexp_replace(regexp_replace(${value}, '"[^"]*"', '<*>'), ${lit(` '[^']*'`)}, ' <*>'), '[0-9][0-9A-Fa-f.:]*[0-9A-Fa-f]|[0-9]', '<*>')`

/** The text of a field's hole, null where the message has none. */
function field(messages: readonly CompiledMessage[], name: HoleField): string {
  const cases = messages.flatMap(message => {
    const hole = message.holes.findIndex(({ field }) => field === name)
    return hole < 0 ? [] : [[message.index, holeSql(message).texts[hole] as string] as const]
  })
  return pick(cases)
}

const orNull = (value: string): string => `nullif(${value}, '')`

/** The constants of each message, as a relation. */
function constants(messages: readonly CompiledMessage[]): string {
  const rows = messages.map(({ index, id, event, outcome, attempt, text, set }) => {
    const values = [id, event, outcome, attempt, text, set.user, set.user_valid, set.method, set.fingerprint, set.protocol, set.reason, set.session]
    return `(${index}, ${values.map(litOrNull).join(', ')})`
  })
  const columns = 'no, id, event, outcome, attempt, text, set_user, set_user_valid, set_method, set_fingerprint, set_protocol, set_reason, set_session'
  return `catalogue AS (\n  SELECT * FROM (VALUES\n${rows.join(',\n')}\n  ) AS v(${columns})\n)`
}

/** From the header to the fields of the message; the last expression is named `body_fields`. */
export function bodySql(messages: readonly CompiledMessage[]): string {
  const match = matchSql(messages)
  const wrappers: Stage[] = [
    { name: 'sshd_lines', columns: { is_sshd: isSshd } },
    { name: 'w_start', columns: { inner0: `CASE WHEN p.is_sshd THEN p.message END` } },
    ...levels.flatMap(unwrapLevel),
    { name: 'b_prefix', columns: { prefix: firstOf(`p.inner${MAX_LEVELS}`, text => [text, ''], PREFIXES) } },
    { name: 'b_inner', columns: { unprefixed_body: `substr(p.inner${MAX_LEVELS}, length(p.prefix) + 1)` } },
    { name: 'b_trim', columns: { unprefixed_trimmed: trimEnd('p.unprefixed_body') } },
    { name: 'b_suffix', columns: { suffix: firstOf('p.unprefixed_trimmed', text => ['', text], SUFFIXES) } },
    {
      name: 'b_body',
      columns: { body: `CASE WHEN p.suffix <> '' THEN substr(p.unprefixed_trimmed, 1, length(p.unprefixed_trimmed) - length(p.suffix)) ELSE p.unprefixed_body END` },
    },
    { name: 'b_trimmed', columns: { body_trimmed: trimEnd('p.body') } },
    { name: 'b_specific', columns: { specific_no: match.specific } },
    { name: 'b_match', columns: { template_no: match.all } },
    {
      name: 'b_holes',
      columns: {
        hole_user: field(messages, 'user'),
        hole_address: field(messages, 'address'),
        rhost: orNull(field(messages, 'rhost')),
        port: `try_cast(${field(messages, 'port')} AS BIGINT)`,
        hole_method: orNull(field(messages, 'method')),
        hole_fingerprint: orNull(field(messages, 'fingerprint')),
        hole_protocol: orNull(field(messages, 'protocol')),
        hole_reason: orNull(field(messages, 'reason')),
        hole_session: orNull(field(messages, 'session')),
        times: `least(${levels.map(level => `cast(coalesce(p.repeat${level}, 1) AS DOUBLE)`).join(' * ')}, cast(${MAX_REPEAT} AS DOUBLE))`,
        times_levels: levels.map(level => `CASE WHEN p.repeat${level} IS NULL THEN 0 ELSE 1 END`).join(' + '),
      },
    },
  ]
  const text = (name: string): string => `coalesce(p.hole_${name}, cast(c.set_${name} AS STRING)) AS ${name}`
  return [
    `parsed_lines AS (
  SELECT p.line_no, p.time_utc, p.year_written IS NULL AS year_inferred, p.host, p.program, p.pid, p.message
  FROM timed p
)`,
    chain('parsed_lines', wrappers),
    constants(messages),
    `body_fields AS (
  SELECT
    p.line_no, p.time_utc, p.year_inferred, p.host, p.program, p.pid, p.is_sshd, p.message, p.rhost, p.port,
    coalesce(c.event, CASE WHEN p.is_sshd THEN 'unclassified' ELSE 'other_program' END) AS event,
    coalesce(c.outcome, 'none') AS outcome,
    cast(c.attempt AS STRING) AS attempt,
    coalesce(p.hole_user, cast(c.set_user AS STRING)) AS own_user,
    cast(c.set_user_valid AS BOOLEAN) AS own_user_valid,
    coalesce(${orNull('p.hole_address')}, CASE WHEN p.hole_address IS NULL THEN p.rhost END) AS own_address_raw,
    ${['method', 'fingerprint', 'protocol', 'reason', 'session'].map(text).join(',\n    ')},
    CASE WHEN p.is_sshd THEN cast(p.times AS BIGINT) ELSE 1 END AS repeats,
    c.id AS template_id,
    CASE WHEN p.is_sshd THEN concat(repeat(${lit(`${REPEATED}<*>${TIMES}`)}, p.times_levels), p.prefix,
      CASE WHEN c.text IS NOT NULL THEN c.text ELSE ${masked('p.body')} END, p.suffix, repeat(']', p.times_levels))
    ELSE ${masked('p.message')} END AS template
  FROM b_holes p LEFT JOIN catalogue c ON c.no = p.template_no
)`,
  ].join(',\n')
}
