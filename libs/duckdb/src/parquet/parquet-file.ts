import type { LocalFile } from '../hashing-file.ts'
import { columnMetadata, TYPE, type ColumnChunk } from './column-chunk.ts'
import { encodeStruct, i32, i64, list, struct, text, type ThriftValue } from './thrift.ts'

const MAGIC = Buffer.from('PAR1')

/** Physical type, what it stands for (Parquet's ConvertedType), and whether it may be null. */
export interface ColumnType {
  readonly type: number
  readonly converted?: number
  readonly optional?: boolean
}

export const INTEGER: ColumnType = { type: TYPE.INT64 }
export const BYTES: ColumnType = { type: TYPE.BYTE_ARRAY }
export const TEXT: ColumnType = { type: TYPE.BYTE_ARRAY, converted: 0 }
export const TIMESTAMP: ColumnType = { type: TYPE.INT64, converted: 10 }
export const BOOLEAN: ColumnType = { type: TYPE.BOOLEAN }

/** A Parquet file of flat columns, row group by row group. */
export class ParquetFile {
  readonly #file: LocalFile
  readonly #name: string
  readonly #columns: readonly (ColumnType & { readonly name: string })[]
  readonly #rowGroups: ThriftValue[] = []
  #rows = 0

  constructor(file: LocalFile, name: string, columns: readonly (ColumnType & { readonly name: string })[]) {
    this.#file = file
    this.#name = name
    this.#columns = columns
    file.write(MAGIC)
  }

  /** @param chunks One a column, in their order. */
  addRowGroup(rows: number, chunks: readonly ColumnChunk[]): void {
    const start = this.#file.bytes
    let offset = start
    const columns: ThriftValue[] = []
    for (const chunk of chunks) {
      columns.push(columnMetadata(chunk, offset))
      offset += chunk.compressed
    }
    const uncompressed = chunks.reduce((total, chunk) => total + chunk.uncompressed, 0)
    this.#rowGroups.push(struct([1, list('struct', columns)], [2, i64(uncompressed)], [3, i64(rows)], [5, i64(start)], [6, i64(offset - start)]))
    for (const page of chunks.flatMap((chunk) => chunk.pages)) this.#file.write(page)
    this.#rows += rows
  }

  /** Writes the footer; the file is left open. */
  finish(): void {
    const columns = this.#columns.map(({ name, type, converted, optional }) => {
      const meaning: [number, ThriftValue][] = converted === undefined ? [] : [[6, i32(converted)]]
      return struct([1, i32(type)], [3, i32(optional === true ? 1 : 0)], [4, text(name)], ...meaning)
    })
    const footer = encodeStruct([
      [1, i32(1)],
      [2, list('struct', [struct([4, text(this.#name)], [5, i32(columns.length)]), ...columns])],
      [3, i64(this.#rows)],
      [4, list('struct', this.#rowGroups)],
      [6, text('logpipe')],
      // Says that min and max are in the type's own order; without it readers ignore them.
      [7, list('struct', columns.map(() => struct([1, struct()])))],
    ])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(footer.length)
    this.#file.write(Buffer.concat([footer, size, MAGIC]))
  }
}
