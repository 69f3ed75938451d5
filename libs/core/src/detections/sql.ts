import type { Detection, Filter } from './detection.ts'

/** A SQL string that Spark and DuckDB read alike: Spark joins `'a''b'` to `ab`, so an apostrophe is spelled chr(39). */
export function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`
  const parts = text.split("'").flatMap((part, i) => (i === 0 ? [`'${part}'`] : ['chr(39)', `'${part}'`]))
  return `concat(${parts.join(', ')})`
}

/** Column of the views that holds the entity. */
export const ENTITY_COLUMN = { address: 'address', user: 'user_name', host: 'host' } as const

/** `true` for the empty filter. `alias` is that of the view. */
export function condition(filter: Filter, alias: string): string {
  const tests = Object.entries(filter).map(([field, values]) => `${alias}.${field} IN (${values.map(literal).join(', ')})`)
  return tests.length === 0 ? 'true' : tests.join(' AND ')
}

export const micros = (seconds: number): string => String(seconds * 1_000_000)

/** Test for the rows that bear on a detection: its `where`, or what ends or cancels it. */
export function relevant(detection: Detection): string {
  const where = condition(detection.where, 's')
  if (detection.kind === 'sequence') return `(${where}) OR (${condition(detection.then, 's')})`
  if (detection.kind === 'regular' && detection.unless !== undefined) return `(${where}) OR (${condition(detection.unless, 's')})`
  return where
}

/** The rows a detection looks at: host, entity, at_us, line_no, tries, and `extra` select items. */
export function rowsOf(detection: Detection, filter: string, extra: readonly string[] = []): string {
  const entity = ENTITY_COLUMN[detection.entity]
  const items = ['s.host', `s.${entity} AS entity`, 's.at_us', 's.line_no', 's.tries', ...extra]
  return `SELECT ${items.join(', ')} FROM ${detection.of} s WHERE s.${entity} IS NOT NULL AND (${filter})`
}
