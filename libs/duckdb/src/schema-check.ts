import { LogpipeError, type Output, type PipelineDefinition, type Schema } from '@logpipe/core'
import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier } from './sql-text.ts'

export function schemaOf(definition: PipelineDefinition, output: Pick<Output, 'name' | 'schema'>): Schema {
  const schema = definition.schemas.get(output.schema)
  if (schema === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `${output.name}: there is no schema ${output.schema}` })
  return schema
}

/** A JSON column is text that is itself JSON; a nested value serves as well. */
const fits = (type: string, declared: string): boolean => (declared === 'JSON' ? /^(VARCHAR$|JSON$|STRUCT|MAP)|\[\]$/.test(type) : type === declared)

/** Holds a finished relation against the output's schema: names, order, types, and nulls where none may be. All faults at once. */
export async function checkSchema(connection: DuckDBConnection, output: Output, schema: Schema): Promise<void> {
  const table = identifier(output.name)
  const described = await connection.runAndReadAll(`DESCRIBE ${table}`)
  const found = described.getRows().map(([name, type]) => ({ name: name as string, type: type as string }))
  const names = (columns: readonly { name: string }[]): string => columns.map(({ name }) => name).join(', ')
  if (names(found) !== names(schema.columns)) fail(output, [`columns are ${names(found)}; the schema says ${names(schema.columns)}`])
  const faults = schema.columns.flatMap(({ name, type }, i) => {
    const actual = found[i]?.type ?? ''
    return fits(actual, type) ? [] : [`${name} is ${actual}; the schema says ${type}`]
  })
  if (faults.length > 0) fail(output, faults)
  const required = schema.columns.filter(({ nullable }) => !nullable)
  if (required.length === 0) return
  const counts = required.map(({ name }) => `count(*) - count(${identifier(name)})`)
  const [nulls = []] = (await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${table}`)).getRows()
  const missing = required.flatMap(({ name }, i) => (nulls[i] === 0n ? [] : [`${name} is null in ${nulls[i] as bigint} rows; the schema says never`]))
  if (missing.length > 0) fail(output, missing)
}

function fail(output: Output, faults: readonly string[]): never {
  throw new LogpipeError('OUTPUT_NOT_VALID', { detail: faults.map((fault) => `${output.sql ?? output.name} → ${output.schema}: ${fault}`).join('\n') })
}
