import { LogpipeError } from '@logpipe/core'
import { LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import type { HashingFile, WrittenFile } from '../hashing-file.ts'
import { columnMetadata, TYPE } from './column-chunk.ts'
import { MAX_ROWS, RowGroup, type RowGroupColumns } from './row-group.ts'
import { encodeStruct, i32, i64, list, struct, text, type ThriftValue } from './thrift.ts'

const MAGIC = Buffer.from('PAR1')
const MAX_TEXT_BYTES = 32 << 20
const REQUIRED = 0
const OPTIONAL = 1
const UTF8 = 0

/** What bronze can say of a line: column → physical type, repetition, whether it is text. The schema picks and orders them. */
const COLUMNS = {
  source: [TYPE.BYTE_ARRAY, REQUIRED, true],
  line_no: [TYPE.INT64, REQUIRED, false],
  byte_offset: [TYPE.INT64, REQUIRED, false],
  byte_length: [TYPE.INT64, REQUIRED, false],
  raw: [TYPE.BYTE_ARRAY, REQUIRED, true],
  raw_bytes: [TYPE.BYTE_ARRAY, OPTIONAL, false],
  flags: [TYPE.BYTE_ARRAY, REQUIRED, true],
  sha256: [TYPE.BYTE_ARRAY, OPTIONAL, true],
} as const satisfies Record<keyof RowGroupColumns, readonly [type: number, repetition: number, text: boolean]>

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
  readonly #rowGroups: ThriftValue[] = []
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
    if (this.#file.bytes === 0) this.#file.write(MAGIC)
    const columns = this.#columns.map((name) => {
      const [type, repetition, isText] = COLUMNS[name]
      const converted: [number, ThriftValue][] = isText ? [[6, i32(UTF8)]] : []
      return struct([1, i32(type)], [3, i32(repetition)], [4, text(name)], ...converted)
    })
    const footer = encodeStruct([
      [1, i32(1)],
      [2, list('struct', [struct([4, text('lines')], [5, i32(columns.length)]), ...columns])],
      [3, i64(this.#rows)],
      [4, list('struct', this.#rowGroups)],
      [6, text('logpipe')],
      // Says that min and max are in the type's own order; without it readers ignore them.
      [7, list('struct', columns.map(() => struct([1, struct()])))],
    ])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(footer.length)
    this.#file.write(Buffer.concat([footer, size, MAGIC]))
    return this.#file.close()
  }

  #flush(group: RowGroup): void {
    if (this.#file.bytes === 0) this.#file.write(MAGIC)
    const made = group.finish(this.#source, flagNames)
    const chunks = this.#columns.map((name) => made[name])
    let offset = this.#file.bytes
    const columns: ThriftValue[] = []
    for (const chunk of chunks) {
      columns.push(columnMetadata(chunk, offset))
      offset += chunk.compressed
    }
    const sum = (of: 'uncompressed' | 'compressed'): number => chunks.reduce((total, chunk) => total + chunk[of], 0)
    this.#rowGroups.push(struct([1, list('struct', columns)], [2, i64(sum('uncompressed'))], [3, i64(group.rows)], [5, i64(this.#file.bytes)], [6, i64(sum('compressed'))]))
    this.#file.write(Buffer.concat(chunks.flatMap((chunk) => chunk.pages)))
    this.#group = null
  }
}
