import { zoneOffset } from './params-sql.ts'
import { barrier, chain, firstWord, int, isDigits, lit, shape, type Stage, trimSpaces, two } from './text.ts'

const param = (name: string): string => `(SELECT q.${name} FROM params q)`
const MONTHS = `'JanFebMarAprMayJunJulAugSepOctNovDec'`
const afterWord = (value: string): string => trimSpaces(`substr(${value}, length(${firstWord(value)}) + 1)`)

/** Priority, version, and the text that starts with the time. */
const start: Stage[] = [
  { name: 'h_priority', columns: { priority_end: `CASE WHEN p.raw LIKE '<%' THEN instr(substr(p.raw, 1, 5), '>') ELSE 0 END` } },
  {
    name: 'h_version',
    columns: {
      prioritised: `p.priority_end >= 3 AND ${isDigits('substr(p.raw, 2, greatest(p.priority_end - 2, 0))', 1, 3)}`,
    },
  },
  { name: 'h_rest', columns: { unprefixed: `CASE WHEN p.prioritised THEN substr(p.raw, p.priority_end + 1) ELSE p.raw END` } },
  { name: 'h_syslog1', columns: { syslog1: `p.prioritised AND p.unprefixed LIKE '1 %'` } },
  { name: 'h_start', columns: { head: `CASE WHEN p.syslog1 THEN substr(p.unprefixed, 3) ELSE p.unprefixed END` } },
]

/** Day, clock, fraction and zone as texts. */
const time: Stage[] = [
  {
    name: 't_form',
    columns: {
      nil_time: `p.syslog1 AND (p.head = '-' OR p.head LIKE '- %')`,
      iso: `${shape('substr(p.head, 1, 19)')} IN ('0000-00-00T00:00:00', '0000-00-00t00:00:00', '0000-00-00 00:00:00')`,
    },
  },
  {
    name: 't_month',
    columns: {
      month_at: `CASE WHEN NOT p.iso AND NOT p.syslog1 AND substr(p.head, 4, 1) = ' ' THEN instr(${MONTHS}, substr(p.head, 1, 3)) ELSE 0 END`,
      day_on: `CASE WHEN NOT p.iso THEN ${trimSpaces('substr(p.head, 5)')} ELSE '' END`,
    },
  },
  { name: 't_day', columns: { day_text: firstWord('p.day_on'), clock_on: afterWord('p.day_on') } },
  { name: 't_year', columns: { year_text: `CASE WHEN ${isDigits(firstWord('p.clock_on'), 4, 4)} THEN ${firstWord('p.clock_on')} END` } },
  { name: 't_on', columns: { bare_clock_on: `CASE WHEN p.year_text IS NOT NULL THEN ${afterWord('p.clock_on')} ELSE p.clock_on END` } },
  {
    name: 't_clock',
    columns: { clock: `CASE WHEN p.iso THEN concat(substr(p.head, 12, 8), ${firstWord('substr(p.head, 20)')}) ELSE ${firstWord('p.bare_clock_on')} END` },
  },
  {
    name: 't_tail',
    columns: {
      has_fraction: `substr(p.clock, 9, 1) IN ('.', ',')`,
      after_clock: `CASE WHEN p.iso THEN substr(p.head, 12 + length(p.clock)) ELSE substr(p.bare_clock_on, length(p.clock) + 1) END`,
    },
  },
  {
    name: 't_zone',
    columns: {
      zone: `CASE WHEN p.has_fraction THEN trim(leading '0123456789' from substr(p.clock, 10)) ELSE substr(p.clock, 9) END`,
      behind: trimSpaces('p.after_clock'),
    },
  },
  {
    name: 't_fraction',
    columns: {
      fraction: `CASE WHEN p.has_fraction THEN substr(p.clock, 10, greatest(length(p.clock) - 9 - length(p.zone), 0)) ELSE '' END`,
      zone_shape: shape('p.zone'),
      year_behind: `CASE WHEN NOT p.iso AND p.year_text IS NULL AND ${isDigits(firstWord('p.behind'), 4, 4)}
        AND ${int(firstWord('p.behind'))} BETWEEN 1970 AND 2199 AND ${afterWord('p.behind')} <> '' THEN ${firstWord('p.behind')} END`,
    },
  },
  {
    name: 't_shape',
    columns: {
      time_shaped: `(NOT p.has_fraction OR length(p.fraction) BETWEEN 1 AND 9)
        AND CASE WHEN p.iso THEN p.zone IN ('', 'Z', 'z') OR p.zone_shape IN ('+00:00', '-00:00', '+0000', '-0000', '+00', '-00')
          ELSE p.month_at % 3 = 1 AND ${isDigits('p.day_text', 1, 2)} AND ${shape('substr(p.clock, 1, 8)')} = '00:00:00' AND p.zone = '' END`,
      year_written: `CASE WHEN p.iso THEN ${int('substr(p.head, 1, 4)')} ELSE ${int('coalesce(p.year_text, p.year_behind)')} END`,
      month: `CASE WHEN p.iso THEN ${int('substr(p.head, 6, 2)')} ELSE cast(floor((p.month_at + 2) / 3) AS INT) END`,
      day: `CASE WHEN p.iso THEN ${int('substr(p.head, 9, 2)')} ELSE ${int('p.day_text')} END`,
      hour: int('substr(p.clock, 1, 2)'),
      minute: int('substr(p.clock, 4, 2)'),
      second: int('substr(p.clock, 7, 2)'),
      after_time: `CASE WHEN p.year_behind IS NOT NULL THEN substr(p.behind, 5) ELSE p.after_clock END`,
    },
  },
]

/** The moment in UTC: `day_utc` and `second_of_day`; null where there is no such time. */
const moment: Stage[] = [
  {
    name: 'm_key',
    columns: {
      time_key: `((cast(p.month AS BIGINT) * 100 + p.day) * 100 + p.hour) * 10000 + p.minute * 100 + p.second`,
      zone_hours: `CASE WHEN length(p.zone) >= 3 THEN ${int('substr(p.zone, 2, 2)')} ELSE 0 END`,
      zone_minutes: `CASE WHEN length(p.zone) = 6 THEN ${int('substr(p.zone, 5, 2)')} WHEN length(p.zone) = 5 THEN ${int('substr(p.zone, 4, 2)')} ELSE 0 END`,
    },
  },
  {
    name: 'm_year',
    columns: {
      year: `CASE WHEN p.year_written IS NOT NULL THEN p.year_written
        WHEN p.month = 2 AND p.day = 29 THEN CASE WHEN p.time_key <= ${param('limit_key')} THEN ${param('leap_year')} ELSE ${param('leap_year_before')} END
        WHEN p.time_key <= ${param('limit_key')} THEN ${param('base_year')} ELSE ${param('year_before')} END`,
    },
  },
  {
    name: 'm_day',
    columns: {
      day_local: `CASE WHEN p.year BETWEEN 1970 AND 2199 AND p.hour <= 23 AND p.minute <= 59 AND p.second <= 60
        AND p.zone_hours <= 23 AND p.zone_minutes <= 59
        THEN try_cast(concat(cast(p.year AS STRING), '-', ${two('p.month')}, '-', ${two('p.day')}) AS DATE) END`,
      utc_offset: `CASE WHEN p.zone = '' THEN ${zoneOffset('p.year', 'p.time_key')}
        ELSE CASE WHEN p.zone LIKE '-%' THEN -1 ELSE 1 END * (p.zone_hours * 3600 + p.zone_minutes * 60) END`,
    },
  },
  { name: 'm_second', columns: { wall_second: `p.hour * 3600 + p.minute * 60 + p.second - p.utc_offset` } },
  {
    name: 'm_utc',
    columns: {
      day_utc: `p.day_local + cast(floor(p.wall_second / 86400) AS INT)`,
      second_of_day: `p.wall_second - 86400 * cast(floor(p.wall_second / 86400) AS INT)`,
    },
  },
]

/** Host, tag and message in each form. */
const origin: Stage[] = [
  { name: 'o_rest', columns: { rest: `CASE WHEN p.syslog1 THEN substr(p.after_time, 2) ELSE ${trimSpaces('p.after_time')} END` } },
  {
    name: 'o_words',
    columns: {
      word1: firstWord('p.rest'),
      syslog1_data: `CASE WHEN p.syslog1 THEN substr(p.rest, length(split_part(p.rest, ' ', 1)) + length(split_part(p.rest, ' ', 2))
        + length(split_part(p.rest, ' ', 3)) + length(split_part(p.rest, ' ', 4)) + 5) END`,
      unified1: `CASE WHEN p.iso AND NOT p.syslog1 AND p.rest LIKE '0x%' THEN ${afterWord('p.rest')} END`,
    },
  },
  {
    name: 'o_second',
    columns: {
      host_missing: `p.word1 LIKE '%_:' AND p.word1 NOT LIKE '%::'`,
      rest2: `CASE WHEN NOT p.syslog1 THEN ${trimSpaces('substr(p.rest, length(p.word1) + 1)')} END`,
      escaped_data: `replace(p.syslog1_data, ${lit('\\]')}, '__')`,
      unified2: afterWord('p.unified1'),
    },
  },
  { name: 'o_unified3', columns: { unified3: afterWord('p.unified2') } },
  { name: 'o_unified4', columns: { unified4: afterWord('p.unified3') } },
  { name: 'o_unified5', columns: { unified5: afterWord('p.unified4') } },
  {
    name: 'o_form',
    columns: {
      unified: `coalesce(p.unified2 LIKE '0x%' AND ${isDigits(firstWord('p.unified3'), 1, 10)} AND ${isDigits(firstWord('p.unified4'), 1, 10)}
        AND ${firstWord('p.unified5')} LIKE '%_:', false)`,
      data_end: `CASE WHEN p.syslog1_data = '-' THEN 2 WHEN p.syslog1_data LIKE '- %' THEN 3
        WHEN p.syslog1_data LIKE '[%' AND instr(p.escaped_data, '] ') > 0 THEN instr(p.escaped_data, '] ') + 2
        WHEN p.syslog1_data LIKE '[%' AND p.escaped_data LIKE '%_]' THEN length(p.syslog1_data) + 1 ELSE 0 END`,
      tag_word: `CASE WHEN p.syslog1 THEN '' WHEN p.host_missing THEN p.word1 ELSE ${firstWord('p.rest2')} END`,
    },
  },
  {
    name: 'o_tag',
    columns: {
      tag: `CASE WHEN p.tag_word LIKE '%_:' AND p.tag_word NOT LIKE '%::' THEN substr(p.tag_word, 1, length(p.tag_word) - 1) END`,
      syslog1_message: `CASE WHEN p.syslog1 THEN substr(p.syslog1_data, p.data_end) END`,
    },
  },
  { name: 'o_pid', columns: { tag_pid: `CASE WHEN p.tag LIKE '%[%]' THEN split_part(p.tag, '[', -1) END` } },
  {
    name: 'o_digits',
    columns: { tag_pid_end: `CASE WHEN ${isDigits('substr(p.tag_pid, 1, greatest(length(p.tag_pid) - 1, 0))', 1, 10)} THEN length(p.tag_pid) + 1 ELSE 0 END` },
  },
  {
    name: 'o_name',
    columns: {
      name1: `CASE WHEN p.syslog1 THEN CASE WHEN split_part(p.rest, ' ', 2) <> '-' THEN split_part(p.rest, ' ', 2) END
        WHEN p.unified THEN substr(${firstWord('p.unified5')}, 1, length(${firstWord('p.unified5')}) - 1)
        ELSE substr(p.tag, 1, length(p.tag) - p.tag_pid_end) END`,
      pid_text: `CASE WHEN p.syslog1 THEN split_part(p.rest, ' ', 3) WHEN p.unified THEN ${firstWord('p.unified3')}
        WHEN p.tag_pid_end > 0 THEN substr(p.tag_pid, 1, length(p.tag_pid) - 1) END`,
    },
  },
  { name: 'o_bare', columns: { name2: `CASE WHEN p.name1 LIKE '[%]' OR p.name1 LIKE '(%)' THEN substr(p.name1, 2, length(p.name1) - 2) ELSE p.name1 END` } },
  { name: 'o_base', columns: { name3: `CASE WHEN p.name2 LIKE '/%' THEN split_part(p.name2, '/', -1) ELSE p.name2 END` } },
  {
    name: 'header',
    columns: {
      host: `CASE WHEN p.syslog1 THEN CASE WHEN p.word1 <> '-' AND p.word1 <> '' THEN p.word1 END
        WHEN p.unified OR p.host_missing THEN cast(NULL AS STRING) ELSE p.word1 END`,
      program: `nullif(CASE WHEN instr(p.name3, '(') > 1 THEN substr(p.name3, 1, instr(p.name3, '(') - 1) ELSE p.name3 END, '')`,
      pid: `CASE WHEN ${isDigits('p.pid_text', 1, 10)} THEN try_cast(p.pid_text AS BIGINT) END`,
      message: `CASE WHEN p.syslog1 THEN ${trimSpaces(`CASE WHEN substr(p.syslog1_message, 1, 1) = '\uFEFF' THEN substr(p.syslog1_message, 2) ELSE p.syslog1_message END`)}
        WHEN p.unified THEN substr(p.unified5, length(${firstWord('p.unified5')}) + 2)
        WHEN p.host_missing THEN substr(p.rest, length(p.word1) + 2)
        WHEN p.tag IS NOT NULL THEN substr(p.rest2, length(p.tag_word) + 2) ELSE p.rest2 END`,
      fault: `CASE WHEN p.nil_time THEN 'bad_time' WHEN p.syslog1 AND NOT p.iso THEN 'no_header' WHEN NOT p.time_shaped THEN 'no_header'
        WHEN p.syslog1 AND p.data_end = 0 THEN 'no_header' WHEN NOT p.syslog1 AND p.rest = '' THEN 'no_header'
        WHEN p.day_utc IS NULL THEN 'bad_time' END`,
    },
  },
  {
    name: 'judged',
    columns: {
      quarantine_reason: barrier(`CASE WHEN p.flags LIKE '%oversize%' THEN 'oversize' WHEN p.fault IS NULL THEN NULL
        WHEN trim(both concat(' ', chr(9), chr(11), chr(12), chr(13)) from p.raw) = '' THEN 'blank'
        WHEN p.flags LIKE '%cut!_off%' ESCAPE '!' THEN 'cut_off' WHEN p.flags LIKE '%nul%' THEN 'binary' ELSE p.fault END`),
    },
  },
]

/** Reads the headers of `lines`; the last expression is named `judged`. */
export const HEADER_SQL = [
  `source_lines AS (
  SELECT l.line_no, l.byte_offset, l.byte_length, l.raw, l.raw_bytes, coalesce(l.flags, '') AS flags, l.sha256 FROM lines l
)`,
  chain('source_lines', [...start, ...time, ...moment, ...origin]),
].join(',\n')

/** The time as silver writes it. */
export const TIME_SQL = `concat(cast(p.day_utc AS STRING), 'T', ${two('floor(p.second_of_day / 3600)')}, ':',
      ${two('floor((p.second_of_day % 3600) / 60)')}, ':', ${two('p.second_of_day % 60')},
      CASE WHEN p.fraction <> '' THEN concat('.', p.fraction) ELSE '' END, 'Z')`
