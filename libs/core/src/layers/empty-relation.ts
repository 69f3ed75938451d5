import type { Schema } from './layer.ts'

/** Names of types that Spark spells otherwise; DuckDB knows both. */
const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'STRING', JSON: 'STRING', BLOB: 'BINARY', INTEGER: 'INT' }

/** A SELECT of no rows with a schema's columns, for DuckDB and Spark: context that a run was given no part of. */
export function emptyRelation({ columns }: Schema): string {
  return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${TYPES[type] ?? type}) AS ${name}`).join(', ')} WHERE false`
}
