import { addDataPage, addDictionaryPage, columnChunk, ENCODING, TYPE, type ColumnChunk } from './column-chunk.ts'
import { bitWidth, deltaBinaryPacked, plainByteArrays, rleRuns } from './encodings.ts'

/** As DuckDB's own: enough for a reader to work on several groups at once. */
export const MAX_ROWS = 122_880
const PAGE_BYTES = 1 << 20

/** Every column that bronze can write. */
export type RowGroupColumns = Record<'source' | 'line_no' | 'byte_offset' | 'byte_length' | 'raw' | 'raw_bytes' | 'flags' | 'sha256', ColumnChunk>

const int64 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}

const newPage = (bytes: number): DataView<ArrayBuffer> => new DataView(new ArrayBuffer(bytes))

/** Gathers the rows of one row group of bronze `lines`, column by column; only the texts' pages are compressed on the way. */
export class RowGroup {
  readonly #firstLine: number
  readonly #raw = columnChunk('raw', TYPE.BYTE_ARRAY)
  #page = newPage(PAGE_BYTES + (PAGE_BYTES >> 2))
  #pageBytes = 0
  #pageRows = 0
  #textBytes = 0
  #rows = 0
  readonly #offsets = new Float64Array(MAX_ROWS)
  readonly #lengths = new Float64Array(MAX_ROWS)
  readonly #flags = new Uint8Array(MAX_ROWS)
  readonly #rawBytes = new Map<number, Uint8Array>()
  readonly #sha256 = new Map<number, Uint8Array>()

  constructor(firstLine: number) {
    this.#firstLine = firstLine
  }

  get rows(): number {
    return this.#rows
  }

  /** Bytes of text so far: long lines end a group before its rows do, or memory would not be bounded. */
  get textBytes(): number {
    return this.#textBytes
  }

  add(bytes: DataView, start: number, end: number, offset: number, length: number, flags: number): void {
    const size = end - start
    if (this.#pageBytes + 4 + size > this.#page.byteLength) {
      this.#flushPage()
      if (4 + size > this.#page.byteLength) this.#page = newPage(4 + size)
    }
    const page = this.#page
    let at = this.#pageBytes
    page.setUint32(at, size, true)
    at += 4
    let from = start
    // By hand in words: a call into native code costs as much as copying a usual line.
    for (const words = end - 3; from < words; from += 4, at += 4) page.setUint32(at, bytes.getUint32(from, true), true)
    for (; from < end; from++, at++) page.setUint8(at, bytes.getUint8(from))
    this.#pageBytes += 4 + size
    this.#pageRows++
    const row = this.#rows++
    this.#offsets[row] = offset
    this.#lengths[row] = length
    this.#flags[row] = flags
    this.#textBytes += size
  }

  /** Original bytes and hash of the row that was added last. */
  addSpecial(rawBytes: Uint8Array | null, sha256: string | null): void {
    if (rawBytes !== null) this.#rawBytes.set(this.#rows - 1, rawBytes)
    if (sha256 !== null) this.#sha256.set(this.#rows - 1, Buffer.from(sha256))
    this.#textBytes += rawBytes?.length ?? 0
  }

  /** The finished columns. */
  finish(source: string, flagNames: (bits: number) => string): RowGroupColumns {
    this.#flushPage()
    const lineNumbers = new Float64Array(this.#rows)
    for (let i = 0; i < this.#rows; i++) lineNumbers[i] = this.#firstLine + i
    return {
      source: this.#dictionary('source', [source], new Uint8Array(this.#rows)),
      line_no: this.#numbers('line_no', lineNumbers, true),
      byte_offset: this.#numbers('byte_offset', this.#offsets, true),
      byte_length: this.#numbers('byte_length', this.#lengths, false),
      raw: this.#raw,
      raw_bytes: this.#optional('raw_bytes', this.#rawBytes),
      flags: this.#flagColumn(flagNames),
      sha256: this.#optional('sha256', this.#sha256),
    }
  }

  #flushPage(): void {
    if (this.#pageRows === 0) return
    addDataPage(this.#raw, ENCODING.PLAIN, this.#pageRows, new Uint8Array(this.#page.buffer, 0, this.#pageBytes))
    this.#pageBytes = 0
    this.#pageRows = 0
  }

  #numbers(name: string, values: Float64Array, rising: boolean): ColumnChunk {
    const chunk = columnChunk(name, TYPE.INT64)
    addDataPage(chunk, ENCODING.DELTA_BINARY_PACKED, this.#rows, deltaBinaryPacked(values, this.#rows))
    if (rising) chunk.statistics = { min: int64(values[0] as number), max: int64(values[this.#rows - 1] as number) }
    return chunk
  }

  #flagColumn(flagNames: (bits: number) => string): ColumnChunk {
    const index = new Uint8Array(256)
    for (let i = 0; i < this.#rows; i++) index[this.#flags[i] as number] = 1
    const distinct = [...index.keys()].filter((bits) => index[bits] === 1)
    distinct.forEach((bits, i) => (index[bits] = i))
    for (let i = 0; i < this.#rows; i++) this.#flags[i] = index[this.#flags[i] as number] as number
    return this.#dictionary('flags', distinct.map(flagNames), this.#flags)
  }

  #dictionary(name: string, words: readonly string[], indexes: Uint8Array): ColumnChunk {
    const chunk = columnChunk(name, TYPE.BYTE_ARRAY)
    addDictionaryPage(chunk, words.length, plainByteArrays(words.map((word) => Buffer.from(word))))
    const width = Math.max(1, bitWidth(words.length - 1))
    addDataPage(chunk, ENCODING.RLE_DICTIONARY, this.#rows, Buffer.concat([Uint8Array.of(width), rleRuns(indexes, this.#rows)]))
    return chunk
  }

  #optional(name: string, values: ReadonlyMap<number, Uint8Array>): ColumnChunk {
    const chunk = columnChunk(name, TYPE.BYTE_ARRAY)
    const defined = new Uint8Array(this.#rows)
    for (const row of values.keys()) defined[row] = 1
    const levels = rleRuns(defined, this.#rows)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(levels.length)
    addDataPage(chunk, ENCODING.PLAIN, this.#rows, Buffer.concat([size, levels, plainByteArrays([...values.values()])]))
    return chunk
  }
}
