import type { PipelineDefinition, Schema } from '@logpipe/core'
import { DuckDBInstance, type DuckDBConnection, type JS } from '@duckdb/node-api'

export type Row = Record<string, JS>

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A table of literal rows with a schema's columns; fields left out are null. */
async function createInput(connection: DuckDBConnection, name: string, schema: Schema, rows: readonly object[]): Promise<void> {
  const columns = schema.columns.map((column) => `${quoted(column.name)} ${column.type}`)
  await connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`)
  const shape = JSON.stringify(Object.fromEntries(schema.columns.map((column) => [column.name, column.type])))
  const list = schema.columns.map((column) => `r.${quoted(column.name)}`).join(', ')
  await connection.run(
    `INSERT INTO ${name} SELECT ${list} FROM (SELECT unnest(from_json($rows::JSON, '[${shape}]')) AS r)`,
    { rows: JSON.stringify(rows) },
  )
}

/** Runs one layer's SQL on a real DuckDB as an engine does; gives each output's rows, and its column types by name. */
export async function runLayer(
  definition: PipelineDefinition,
  layerName: string,
  inputs: Readonly<Record<string, readonly object[]>>,
): Promise<{ rows: Record<string, Row[]>; types: Record<string, Record<string, string>> }> {
  const layer = definition.layers.find((candidate) => candidate.name === layerName)
  if (layer === undefined) throw new Error(`no layer ${layerName}`)
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    await connection.run(definition.prelude.get('duckdb') ?? '')
    const settings = Object.entries(definition.settings).map(([name, value]) => `${value} AS ${quoted(name)}`)
    await connection.run(`CREATE TABLE settings AS SELECT ${settings.join(', ')}`)
    for (const name of layer.inputs) await createInput(connection, name, definition.schemas.get(name)!, inputs[name] ?? [])
    for (const view of layer.views) {
      await connection.run(`CREATE TEMP ${view.materialized ? 'TABLE' : 'VIEW'} ${view.name} AS ${definition.sql.get(view.sql)!}`)
    }
    const rows: Record<string, Row[]> = {}
    const types: Record<string, Record<string, string>> = {}
    for (const output of layer.outputs) {
      const reader = await connection.runAndReadAll(definition.sql.get(output.sql!)!)
      rows[output.name] = reader.getRowObjectsJS()
      types[output.name] = Object.fromEntries(reader.columnNames().map((name, i) => [name, String(reader.columnTypes()[i])]))
    }
    return { rows, types }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
