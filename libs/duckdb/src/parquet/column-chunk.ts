import { constants, zstdCompressSync } from 'node:zlib'
import { encodeStruct, i32, i64, list, struct, text, binary, type ThriftValue } from './thrift.ts'

export const TYPE = { BOOLEAN: 0, INT64: 2, BYTE_ARRAY: 6 } as const
export const ENCODING = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const
/** Pages that are published are compressed; those that only this run reads need not be. */
export const CODEC = { NONE: 0, ZSTD: 6 } as const
const PAGE = { DATA: 0, DICTIONARY: 2 } as const
const ZSTD_LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** A column of one row group: pages in the order they were added. */
export interface ColumnChunk {
  readonly name: string
  readonly type: number
  readonly codec: number
  readonly pages: Uint8Array[]
  readonly encodings: Set<number>
  values: number
  uncompressed: number
  compressed: number
  dictionaryBytes: number
  statistics: { readonly min: Uint8Array; readonly max: Uint8Array } | null
}

export const columnChunk = (name: string, type: number, codec: number = CODEC.ZSTD): ColumnChunk => ({
  name,
  type,
  codec,
  pages: [],
  encodings: new Set([ENCODING.RLE]),
  values: 0,
  uncompressed: 0,
  compressed: 0,
  dictionaryBytes: 0,
  statistics: null,
})

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0)

function addPage(chunk: ColumnChunk, type: number, body: readonly Uint8Array[], header: readonly [number, ThriftValue]): number {
  const packed = chunk.codec === CODEC.NONE ? body : body.map((part) => zstdCompressSync(part, ZSTD_LEVEL))
  const [uncompressed, compressed] = [sizeOf(body), sizeOf(packed)]
  const head = encodeStruct([[1, i32(type)], [2, i32(uncompressed)], [3, i32(compressed)], header])
  chunk.pages.push(head, ...packed)
  chunk.uncompressed += head.length + uncompressed
  chunk.compressed += head.length + compressed
  return head.length + compressed
}

/** A data page (V1) of `values` values. `body` may come in parts where nothing is compressed. */
export function addDataPage(chunk: ColumnChunk, encoding: number, values: number, ...body: readonly Uint8Array[]): void {
  addPage(chunk, PAGE.DATA, body, [5, struct([1, i32(values)], [2, i32(encoding)], [3, i32(ENCODING.RLE)], [4, i32(ENCODING.RLE)])])
  chunk.encodings.add(encoding)
  chunk.values += values
}

/** The dictionary, before all data pages. */
export function addDictionaryPage(chunk: ColumnChunk, values: number, body: Uint8Array): void {
  chunk.dictionaryBytes = addPage(chunk, PAGE.DICTIONARY, [body], [7, struct([1, i32(values)], [2, i32(ENCODING.PLAIN)])])
  chunk.encodings.add(ENCODING.PLAIN)
}

/** The footer's entry for a chunk that begins at byte `offset` of the file. */
export function columnMetadata(chunk: ColumnChunk, offset: number): ThriftValue {
  const dictionary: [number, ThriftValue][] = chunk.dictionaryBytes > 0 ? [[11, i64(offset)]] : []
  const statistics: [number, ThriftValue][] =
    chunk.statistics === null ? [] : [[12, struct([3, i64(0)], [5, binary(chunk.statistics.max)], [6, binary(chunk.statistics.min)])]]
  const encodings = [...chunk.encodings].sort((a, b) => a - b)
  return struct(
    [2, i64(offset)],
    [
      3,
      struct(
        [1, i32(chunk.type)],
        [2, list('i32', encodings.map(i32))],
        [3, list('binary', [text(chunk.name)])],
        [4, i32(chunk.codec)],
        [5, i64(chunk.values)],
        [6, i64(chunk.uncompressed)],
        [7, i64(chunk.compressed)],
        [9, i64(offset + chunk.dictionaryBytes)],
        ...dictionary,
        ...statistics,
      ),
    ],
  )
}
