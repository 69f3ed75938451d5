import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { PipelineDefinition, RunParams, Schema } from '@logpipe/core'
import { DUCKDB_PRELUDE, paramsSql, silverSql } from '@logpipe/core/silver'
import type { Rows } from './rows.ts'

/** The silver SQL of the catalogue on DuckDB over bronze Parquet; the embedded engine itself parses without SQL. */
export async function silverByDuckDb(definition: PipelineDefinition, lines: string, params: RunParams): Promise<{ events: Rows; quarantine: Rows }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    await connection.run(`SET TimeZone = 'UTC'`)
    await connection.run(DUCKDB_PRELUDE)
    await connection.run(`CREATE VIEW lines AS SELECT * FROM read_parquet('${lines.replaceAll(`'`, `''`)}')`)
    await connection.run(`CREATE TABLE params AS ${paramsSql(params)}`)
    const sql = silverSql(definition.catalogue)
    return {
      events: await texts(connection, sql.events, definition.schemas.get('events') as Schema),
      quarantine: await texts(connection, sql.quarantine, definition.schemas.get('quarantine') as Schema),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function texts(connection: DuckDBConnection, sql: string, { columns }: Schema): Promise<Rows> {
  const list = columns.map(({ name }) => `CAST(r."${name}" AS VARCHAR)`)
  const reader = await connection.runAndReadAll(`SELECT ${list.join(', ')} FROM (${sql}) r ORDER BY r.line_no`)
  return reader.getRows() as (string | null)[][]
}
