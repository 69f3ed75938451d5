import type { CompiledMessage } from '../../catalogue/compile.ts'
import { MAX_LEVELS, MAX_REPEAT, MAX_REPEAT_DIGITS, PREAUTH, PREFIXES, REPEATED, SUFFIXES, TIMES } from '../../catalogue/wrapper.ts'
import { SSHD_PROGRAMS } from '../tag.ts'
import { candidatesSql, INDEX_DIGITS } from './candidates-sql.ts'
import { NO_TEMPLATE, templatesSql } from './templates-sql.ts'
import { barrier, chain, firstWord, isDigits, like, lit, type Stage, trimEnd } from './text.ts'

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

const orNull = (value: string): string => `nullif(${value}, '')`

/** From the message to its body and the candidates for it. */
function bodyStages(candidates: Readonly<Record<string, string>>): Stage[] {
  return [
    { name: 'sshd_lines', columns: { is_sshd: isSshd } },
    { name: 'w_start', columns: { inner0: `CASE WHEN p.is_sshd THEN p.message END` } },
    ...levels.flatMap(unwrapLevel),
    { name: 'b_prefix', columns: { prefix: firstOf(`p.inner${MAX_LEVELS}`, text => [text, ''], PREFIXES) } },
    { name: 'b_inner', columns: { unprefixed_body: `substr(p.inner${MAX_LEVELS}, length(p.prefix) + 1)` } },
    { name: 'b_trim', columns: { unprefixed_trimmed: trimEnd('p.unprefixed_body') } },
    { name: 'b_suffix', columns: { suffix: firstOf('p.unprefixed_trimmed', text => ['', text], SUFFIXES) } },
    {
      name: 'b_body',
      columns: {
        body: `CASE WHEN p.suffix <> '' THEN substr(p.unprefixed_trimmed, 1, length(p.unprefixed_trimmed) - length(p.suffix)) ELSE p.unprefixed_body END`,
        times: `least(${levels.map(level => `cast(coalesce(p.repeat${level}, 1) AS DOUBLE)`).join(' * ')}, cast(${MAX_REPEAT} AS DOUBLE))`,
        times_levels: levels.map(level => `CASE WHEN p.repeat${level} IS NULL THEN 0 ELSE 1 END`).join(' + '),
      },
    },
    { name: 'b_trimmed', columns: { body_trimmed: trimEnd('p.body') } },
    { name: 'b_tests', columns: candidates },
    { name: 'b_candidates', columns: { candidates: barrier(`CASE WHEN p.is_sshd THEN concat(p.by_start, p.by_word, p.by_guard) ELSE '' END`) } },
  ]
}

/** From the header to the fields of the message; the last expression is named `body_fields`. */
export function bodySql(messages: readonly CompiledMessage[]): string {
  const { columns, most } = candidatesSql(messages)
  const { relation, stages } = templatesSql(messages)
  const text = (name: string): string => `coalesce(${orNull(`p.text_${name}`)}, cast(p.set_${name} AS STRING)) AS ${name}`
  return [
    `parsed_lines AS (
  SELECT p.line_no, p.time_utc, p.year_written IS NULL AS year_inferred, p.host, p.program, p.pid, p.message
  FROM timed p
)`,
    chain('parsed_lines', bodyStages(columns)),
    relation,
    // One row for each line and candidate, and one more a line for no candidate.
    `numbers AS (
  SELECT * FROM (VALUES ${Array.from({ length: most + 1 }, (_, i) => `(${i})`).join(', ')}) AS v(number)
)`,
    `numbered AS (
  SELECT p.line_no, p.time_utc, p.year_inferred, p.host, p.program, p.pid, p.is_sshd, p.message, p.body, p.body_trimmed, p.times, p.times_levels, p.prefix, p.suffix,
    CASE WHEN n.number = 0 THEN ${NO_TEMPLATE} ELSE try_cast(substr(p.candidates, n.number * ${INDEX_DIGITS} - ${INDEX_DIGITS - 1}, ${INDEX_DIGITS}) AS INT) END AS candidate
  FROM b_candidates p JOIN numbers n ON n.number * ${INDEX_DIGITS} <= length(p.candidates)
)`,
    `tried AS (
  SELECT p.*, t.*
  FROM numbered p JOIN templates t ON t.no = p.candidate
)`,
    chain('tried', stages),
    `chosen AS (
  SELECT p.*, row_number() OVER (PARTITION BY p.line_no ORDER BY p.no) AS place
  FROM c_fields p
  WHERE p.candidate_fits
)`,
    `body_fields AS (
  SELECT
    p.line_no, p.time_utc, p.year_inferred, p.host, p.program, p.pid, p.is_sshd, p.message,
    coalesce(p.event, CASE WHEN p.is_sshd THEN 'unclassified' ELSE 'other_program' END) AS event,
    coalesce(CASE WHEN p.suffix = ${lit(PREAUTH)} THEN p.preauth ELSE p.outcome END, 'none') AS outcome,
    cast(p.attempt AS STRING) AS attempt,
    coalesce(p.text_user, cast(p.set_user AS STRING)) AS own_user,
    cast(p.set_user_valid AS BOOLEAN) AS own_user_valid,
    ${orNull(`coalesce(p.text_address, p.text_rhost)`)} AS own_address_raw,
    ${orNull('p.text_rhost')} AS rhost,
    try_cast(p.text_port AS BIGINT) AS port,
    ${['method', 'fingerprint', 'protocol', 'reason', 'session'].map(text).join(',\n    ')},
    CASE WHEN p.is_sshd THEN cast(p.times AS BIGINT) ELSE 1 END AS repeats,
    p.id AS template_id,
    CASE WHEN p.is_sshd THEN concat(repeat(${lit(`${REPEATED}<*>${TIMES}`)}, p.times_levels), p.prefix,
      CASE WHEN p.text IS NOT NULL THEN p.text ELSE ${masked('p.body')} END, p.suffix, repeat(']', p.times_levels))
    ELSE ${masked('p.message')} END AS template
  FROM chosen p
  WHERE p.place = 1
)`,
  ].join(',\n')
}
