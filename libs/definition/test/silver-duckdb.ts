import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { RunParams } from '@logpipe/core'
import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import { LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import { DUCKDB_PRELUDE, paramsSql, type SilverSql, silverSql } from '@logpipe/core/silver'

type Row = Record<string, unknown>

/** Runs the catalogue's SQL on DuckDB over lines given as batches. */
export class SilverOnDuckDb {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #sql: SilverSql

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, sql: SilverSql) {
    this.#instance = instance
    this.#connection = connection
    this.#sql = sql
  }

  static async create(catalogue: CompiledCatalogue): Promise<SilverOnDuckDb> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    const connection = await instance.connect()
    await connection.run(`SET TimeZone = 'UTC'`)
    for (const statement of DUCKDB_PRELUDE.split(';\n').filter(text => text !== '')) await connection.run(statement)
    await connection.run(
      'CREATE TABLE lines (source VARCHAR, line_no BIGINT, byte_offset BIGINT, byte_length BIGINT, raw VARCHAR, raw_bytes BLOB, flags VARCHAR, sha256 VARCHAR)',
    )
    await connection.run(`CREATE TABLE params AS ${paramsSql({ timezone: 'UTC', baseTimeMs: 0 })}`)
    return new SilverOnDuckDb(instance, connection, silverSql(catalogue))
  }

  async run(batches: readonly LineBatch[], params: RunParams): Promise<{ events: Row[]; quarantine: Row[] }> {
    const connection = this.#connection
    await connection.run('DELETE FROM lines')
    await connection.run('DELETE FROM params')
    await connection.run(`INSERT INTO params ${paramsSql(params)}`)
    await this.#append(batches)
    // Not prepared once: DuckDB packs numbers by the table's statistics at that time, and gives wrong ones when the rows have changed.
    // As JSON, because the driver's own strings lose a U+FEFF at their start.
    const read = async (sql: string): Promise<Row[]> => (await connection.runAndReadAll(`SELECT to_json(r)::VARCHAR FROM (${sql}) r`)).getRowsJS().map(([row]) => JSON.parse(row as string) as Row)
    return { events: await read(this.#sql.events), quarantine: await read(this.#sql.quarantine) }
  }

  async #append(batches: readonly LineBatch[]): Promise<void> {
    const appender = await this.#connection.createAppender('lines')
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    for (const { bytes, count, firstLine, starts, ends, offsets, lengths, flags, special } of batches) {
      for (let i = 0; i < count; i++) {
        const { rawBytes = null, sha256 = null } = special.get(i) ?? {}
        appender.appendVarchar('source')
        appender.appendBigInt(BigInt(firstLine + i))
        appender.appendBigInt(BigInt(offsets[i] as number))
        appender.appendBigInt(BigInt(lengths[i] as number))
        appender.appendVarchar(decoder.decode(bytes.subarray(starts[i], ends[i])))
        if (rawBytes === null) appender.appendNull()
        else appender.appendBlob(rawBytes)
        appender.appendVarchar(flagNames(flags[i] as number))
        if (sha256 === null) appender.appendNull()
        else appender.appendVarchar(sha256)
        appender.endRow()
      }
    }
    appender.closeSync()
  }

  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

const flagNames = (flags: number): string =>
  Object.entries(LINE_FLAGS)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name)
    .join(' ')
