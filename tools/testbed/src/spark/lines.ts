import { DuckDBInstance } from '@duckdb/node-api'
import type { Schema } from '@logpipe/core'
import type { Rows } from './rows.ts'

/** Bronze's rows as texts, bytes in hex, in line order. */
export async function readLines(paths: readonly string[], { columns }: Schema): Promise<Rows> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    const list = columns.map(({ name, type }) => (type === 'BLOB' ? `hex(r."${name}")` : `CAST(r."${name}" AS VARCHAR)`))
    const files = paths.map((path) => `'${path.replaceAll(`'`, `''`)}'`).join(', ')
    const reader = await connection.runAndReadAll(`SELECT ${list.join(', ')} FROM read_parquet([${files}]) r ORDER BY r.line_no`)
    return reader.getRows() as (string | null)[][]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
