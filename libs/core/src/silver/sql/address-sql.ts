import { chain, int, type Stage } from './text.ts'

const GROUPS = [1, 2, 3, 4, 5, 6, 7, 8]
const part = (value: string, i: number): string => `split_part(${value}, '.', ${i})`
const octet = (value: string): string => `cast(${int(value)} AS STRING) = ${value} AND ${int(value)} <= 255`
const isIpv4 = (value: string): string =>
  `length(${value}) <= 15 AND translate(${value}, '0123456789', '') = '...' AND ${[1, 2, 3, 4].map(i => octet(part(value, i))).join(' AND ')}`
const hexPair = (value: string, i: number): string => `lower(hex(cast(${int(part(value, i))} * 256 + ${int(part(value, i + 1))} AS BIGINT)))`
const count = (value: string): string => `CASE WHEN ${value} = '' THEN 0 ELSE length(${value}) - length(replace(${value}, ':', '')) + 1 END`
const closed = (value: string): string => `CASE WHEN ${value} = '' THEN '' ELSE concat(${value}, ':') END`
const group = (i: number): string => `split_part(p.ip_full, ':', ${i})`
const bare = (value: string): string => `coalesce(nullif(trim(leading '0' from ${value}), ''), '0')`
const hexDigit = (value: string, i: number): string => `(instr('0123456789abcdef', substr(${value}, ${i}, 1)) - 1)`
const byte = (i: number): string => `cast(${hexDigit('p.ip_low', i)} * 16 + ${hexDigit('p.ip_low', i + 1)} AS STRING)`
const zeros = (n: number): string => `:${'0:'.repeat(n)}`

/** canonicalAddress in SQL. Only rows with a colon go through the IPv6 part. */
const stages: Stage[] = [
  {
    name: 'a_text',
    columns: {
      ip_text: `CASE WHEN p.own_address_raw LIKE '%:%' AND length(split_part(p.own_address_raw, '%', 1)) <= 45
        THEN translate(split_part(p.own_address_raw, '%', 1), 'ABCDEF', 'abcdef') END`,
    },
  },
  { name: 'a_tail', columns: { ip_tail: `CASE WHEN p.ip_text LIKE '%.%' THEN split_part(p.ip_text, ':', -1) END` } },
  {
    name: 'a_hex',
    columns: {
      ip_hex: `CASE WHEN p.ip_tail IS NULL THEN p.ip_text
        WHEN ${isIpv4('p.ip_tail')} THEN concat(substr(p.ip_text, 1, length(p.ip_text) - length(p.ip_tail)), ${hexPair('p.ip_tail', 1)}, ':', ${hexPair('p.ip_tail', 3)}) END`,
    },
  },
  {
    name: 'a_halves',
    columns: {
      ip_left: `split_part(p.ip_hex, '::', 1)`,
      ip_right: `CASE WHEN instr(p.ip_hex, '::') > 0 THEN substr(p.ip_hex, instr(p.ip_hex, '::') + 2) END`,
    },
  },
  { name: 'a_counts', columns: { ip_lefts: count('p.ip_left'), ip_rights: `CASE WHEN p.ip_right IS NOT NULL THEN ${count('p.ip_right')} END` } },
  {
    name: 'a_full',
    columns: {
      ip_full: `CASE WHEN p.ip_hex IS NULL THEN NULL
        WHEN p.ip_right IS NULL THEN CASE WHEN p.ip_lefts = 8 THEN concat(p.ip_left, ':') END
        WHEN p.ip_lefts + p.ip_rights <= 7 THEN concat(${closed('p.ip_left')}, repeat('0:', cast(8 - p.ip_lefts - p.ip_rights AS INT)), ${closed('p.ip_right')}) END`,
    },
  },
  {
    name: 'a_bare',
    columns: {
      ip_bare: `CASE WHEN translate(p.ip_full, '0123456789abcdef:', '') = '' AND ${GROUPS.map(i => `length(${group(i)}) BETWEEN 1 AND 4`).join(' AND ')}
        THEN concat(':', ${GROUPS.map(i => `${bare(group(i))}, ':'`).join(', ')}) END`,
    },
  },
  {
    name: 'a_run',
    columns: {
      ip_low: `CASE WHEN p.ip_bare LIKE ':0:0:0:0:0:ffff:%' THEN concat(lpad(split_part(p.ip_bare, ':', 8), 4, '0'), lpad(split_part(p.ip_bare, ':', 9), 4, '0')) END`,
      ip_run: `CASE ${[8, 7, 6, 5, 4, 3, 2].map(n => `WHEN instr(p.ip_bare, '${zeros(n)}') > 0 THEN '${zeros(n)}'`).join(' ')} ELSE '' END`,
    },
  },
  {
    name: 'addressed',
    columns: {
      own_address: `CASE WHEN p.own_address_raw IS NULL THEN cast(NULL AS STRING)
        WHEN p.own_address_raw NOT LIKE '%:%' THEN CASE WHEN ${isIpv4('p.own_address_raw')} THEN p.own_address_raw END
        WHEN p.ip_bare IS NULL THEN NULL
        WHEN p.ip_low IS NOT NULL THEN concat(${[1, 3, 5, 7].map(byte).join(`, '.', `)})
        WHEN p.ip_run = '' THEN trim(both ':' from p.ip_bare)
        ELSE concat(substr(p.ip_bare, 2, greatest(instr(p.ip_bare, p.ip_run) - 2, 0)), '::',
          trim(trailing ':' from substr(p.ip_bare, instr(p.ip_bare, p.ip_run) + length(p.ip_run)))) END`,
    },
  },
]

/** Adds own_address to body_fields; the last expression is named `addressed`. */
export const ADDRESS_SQL = chain('body_fields', stages)
