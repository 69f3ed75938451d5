import type { Entity } from './detection.ts'

/** A SQL string that Spark and DuckDB read alike: Spark joins `'a''b'` to `ab`, so an apostrophe is spelled chr(39). */
export function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`
  const parts = text.split("'").flatMap((part, i) => (i === 0 ? [`'${part}'`] : ['chr(39)', `'${part}'`]))
  return `concat(${parts.join(', ')})`
}

/** An entity on one host, or an address whatever the host. */
export type Scope = Entity | 'address_anywhere'

/** Column that stands for the entity: of `looks`, or of `sources` where few rows need it. */
export const ENTITY_ID = {
  address: 'l.source_id', subnet: 'o.subnet_id', user: 'l.account_id', host: 'o.host_id', address_anywhere: 'o.address_id',
} as const satisfies Record<Scope, string>

/** `looks`, or what is made of it, with what its entity needs. */
export const looksOf = (entity: Scope, view = 'looks'): string => `${view} l${ENTITY_ID[entity].startsWith('o.') ? ' JOIN sources o ON o.source_id = l.source_id' : ''}`

export const micros = (seconds: number): string => String(seconds * 1_000_000)

/** Rows of `looks` that a detection looks at: entity_id, at_us, line_no, and `extra` select items. */
export const rowsOf = (entity: Scope, mask: string, only: string, extra: readonly string[] = []): string =>
  `SELECT ${[`${ENTITY_ID[entity]} AS entity_id`, 'l.at_us', 'l.line_no', ...extra].join(', ')}
    FROM ${looksOf(entity)}
    WHERE ${ENTITY_ID[entity]} IS NOT NULL AND (l.fits & (${mask})) <> 0 AND ${only}`
