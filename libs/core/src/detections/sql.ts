import type { Detection, Filter } from './detection.ts'

/** A SQL string that Spark and DuckDB read alike: Spark joins `'a''b'` to `ab`, so an apostrophe is spelled chr(39). */
export function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`
  const parts = text.split("'").flatMap((part, i) => (i === 0 ? [`'${part}'`] : ['chr(39)', `'${part}'`]))
  return `concat(${parts.join(', ')})`
}

/** Column of `looks` (or, for a host, of `sources`) that stands for the entity. */
export const ENTITY_ID = { address: 'l.source_id', user: 'l.account_id', host: 'o.host_id' } as const satisfies Record<Detection['entity'], string>

/** `looks` with what its entity needs. */
export const looksOf = (entity: Detection['entity']): string => (entity === 'host' ? 'looks l JOIN sources o ON o.source_id = l.source_id' : 'looks l')

/** `alias` is that of `signals`. */
export const condition = (filter: Filter, alias: string): string =>
  Object.entries(filter).map(([field, values]) => `${alias}.${field} IN (${values.map(literal).join(', ')})`).join(' AND ')

export const micros = (seconds: number): string => String(seconds * 1_000_000)
