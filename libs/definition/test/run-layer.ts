import type { PipelineDefinition, Schema } from '@logpipe/core'
import { DuckDBInstance, type DuckDBConnection, type JS } from '@duckdb/node-api'
import { loadDefinition } from '../src/index.ts'

export type Row = Record<string, JS>

/** The workspace's own pipeline, loaded once. */
export const definition: PipelineDefinition = await loadDefinition()

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A real DuckDB with the prelude and the settings; closed when `use` ends. */
export async function withDuckDb<Result>(use: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    await connection.run(definition.prelude.get('duckdb') ?? '')
    const settings = Object.entries(definition.settings).map(([name, value]) => `${value} AS ${quoted(name)}`)
    await connection.run(`CREATE TABLE settings AS SELECT ${settings.join(', ')}`)
    return await use(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A table of literal rows with a schema's columns; fields left out are null. */
export async function createInput(connection: DuckDBConnection, schema: Schema, rows: readonly object[]): Promise<void> {
  const columns = schema.columns.map((column) => `${quoted(column.name)} ${column.type}`)
  await connection.run(`CREATE TABLE ${schema.name} (${columns.join(', ')})`)
  const shape = JSON.stringify(Object.fromEntries(schema.columns.map((column) => [column.name, column.type])))
  const list = schema.columns.map((column) => `r.${quoted(column.name)}`).join(', ')
  const insert = `INSERT INTO ${schema.name} SELECT ${list} FROM (SELECT unnest(from_json($rows::JSON, '[${shape}]')) AS r)`
  await connection.run(insert, { rows: JSON.stringify(rows) })
}

export async function select(connection: DuckDBConnection, sql: string): Promise<{ rows: Row[]; types: Record<string, string> }> {
  const reader = await connection.runAndReadAll(sql)
  const types = Object.fromEntries(reader.columnNames().map((name, i) => [name, String(reader.columnTypes()[i])]))
  return { rows: reader.getRowObjectsJS().map(withNumbers), types }
}

/** Counts as numbers, so that a test reads `5` and not `5n`. */
const withNumbers = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]))

/** Runs one layer's SQL as an engine does; gives each output's rows and column types. */
export async function runLayer(
  name: 'gold' | 'ml',
  inputs: Readonly<Record<string, readonly object[]>>,
): Promise<Record<string, { rows: Row[]; types: Record<string, string> }>> {
  const layer = definition.layers.find((candidate) => candidate.name === name)!
  return withDuckDb(async (connection) => {
    for (const input of layer.inputs) await createInput(connection, definition.schemas.get(input)!, inputs[input] ?? [])
    for (const view of layer.views) {
      await connection.run(`CREATE TEMP ${view.materialized ? 'TABLE' : 'VIEW'} ${view.name} AS ${definition.sql.get(view.sql)!}`)
    }
    const outputs: Record<string, { rows: Row[]; types: Record<string, string> }> = {}
    for (const output of layer.outputs) outputs[output.name] = await select(connection, definition.sql.get(output.sql!)!)
    return outputs
  })
}
