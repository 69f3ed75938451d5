import { LogpipeError } from '@logpipe/core'
import { LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import type { HashingFile, WrittenFile } from '../hashing-file.ts'
import { BYTES, type ColumnType, INTEGER, ParquetFile, TEXT } from './parquet-file.ts'
import { MAX_ROWS, RowGroup, type RowGroupColumns } from './row-group.ts'

const MAX_TEXT_BYTES = 32 << 20

/** What bronze can say of a line. The schema picks and orders the columns. */
const COLUMNS = {
  source: TEXT,
  line_no: INTEGER,
  byte_offset: INTEGER,
  byte_length: INTEGER,
  raw: TEXT,
  raw_bytes: { ...BYTES, optional: true },
  flags: TEXT,
  sha256: { ...TEXT, optional: true },
} as const satisfies Record<keyof RowGroupColumns, ColumnType>

type ColumnName = keyof RowGroupColumns

const FLAG_ENTRIES = Object.entries(LINE_FLAGS)
const flagNames = (bits: number): string => FLAG_ENTRIES.flatMap(([name, bit]) => (bits & bit ? [name] : [])).join(' ')

/**
 * Writes bronze's Parquet straight from line batches: half the work of handing the lines to DuckDB as text, and no text format whose
 * quoting a hostile line could break. Row order is file order. The bytes depend on the lines only, never on how they were batched.
 */
export class LinesParquet {
  readonly #file: HashingFile
  readonly #source: string
  readonly #columns: readonly ColumnName[]
  readonly #parquet: ParquetFile
  #group: RowGroup | null = null
  #rows = 0

  /** Throws CATALOGUE_NOT_VALID when the schema asks for a column that bronze does not make. */
  constructor(file: HashingFile, source: string, columns: readonly { readonly name: string }[]) {
    this.#file = file
    this.#source = source
    this.#columns = columns.map(({ name }) => {
      if (Object.hasOwn(COLUMNS, name)) return name as ColumnName
      throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `bronze has no column ${name}; it has ${Object.keys(COLUMNS).join(', ')}` })
    })
    this.#parquet = new ParquetFile(file, 'lines', this.#columns.map((name) => ({ name, ...COLUMNS[name] })))
  }

  get rows(): number {
    return this.#rows
  }

  add(batch: LineBatch): void {
    const { starts, ends, offsets, lengths, flags, special } = batch
    const bytes = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
    for (let i = 0; i < batch.count; i++) {
      this.#group ??= new RowGroup(this.#rows + 1)
      const group = this.#group
      group.add(bytes, starts[i] as number, ends[i] as number, offsets[i] as number, lengths[i] as number, flags[i] as number)
      this.#rows++
      if (special.size > 0) {
        const odd = special.get(i)
        if (odd !== undefined) group.addSpecial(odd.rawBytes, odd.sha256)
      }
      if (group.rows === MAX_ROWS || group.textBytes >= MAX_TEXT_BYTES) this.#flush(group)
    }
  }

  finish(): WrittenFile {
    if (this.#group !== null) this.#flush(this.#group)
    this.#parquet.finish()
    return this.#file.finish()
  }

  #flush(group: RowGroup): void {
    const made = group.finish(this.#source, flagNames)
    this.#parquet.addRowGroup(group.rows, this.#columns.map((name) => made[name]))
    this.#group = null
  }
}
