import { DuckDBInstance } from '@duckdb/node-api'
import type { Phase } from './measurement.ts'
import { phases } from './measurement.ts'

/**
 * The limit: DuckDB reads the file as lines and writes one Parquet column. No pipeline that stores its input as Parquet can take less; how
 * many times this the layers take is what the bench is about.
 */
export async function runLimit(file: string, parquet: string, threads: number): Promise<Phase[]> {
  const clock = phases()
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT line FROM ${linesOf(file)}) TO ${quoted(parquet)} (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  clock.end('limit')
  return clock.done()
}

/** \x01 stands in no line, so that each line is one column. */
function linesOf(file: string): string {
  return `read_csv(${quoted(file)}, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = '\x01', quote = '', escape = '', new_line = '\\n')`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
