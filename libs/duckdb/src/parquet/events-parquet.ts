import { EVENT_COLUMNS, type EventColumn, type EventRows, type TextColumn } from '@logpipe/core/silver'
import type { LocalFile } from '../hashing-file.ts'
import { addDataPage, addDictionaryPage, CODEC, columnChunk, ENCODING, type ColumnChunk } from './column-chunk.ts'
import { bitPacked, gatherIntegers, gatherPlaces, places } from './plain.ts'
import { BOOLEAN, type ColumnType, INTEGER, ParquetFile, TEXT, TIMESTAMP } from './parquet-file.ts'

const TYPES = { number: INTEGER, time: TIMESTAMP, text: TEXT, boolean: BOOLEAN } as const satisfies Record<string, ColumnType>

const COLUMNS = Object.entries(EVENT_COLUMNS) as [EventColumn, keyof typeof TYPES][]

/**
 * Writes events as columns for this machine's own use: nothing is compressed and numbers are whole bytes wide, which takes the writer and
 * DuckDB as little time as can be.
 */
export class EventsParquet {
  readonly #file: LocalFile
  readonly #parquet: ParquetFile

  constructor(file: LocalFile) {
    this.#file = file
    this.#parquet = new ParquetFile(file, 'events', COLUMNS.map(([name, kind]) => ({ name, ...TYPES[kind], optional: true })))
  }

  add(rows: EventRows): void {
    this.#parquet.addRowGroup(rows.count, COLUMNS.map(([name, kind]) => chunkOf(name, kind, rows)))
  }

  finish(): void {
    this.#parquet.finish()
    this.#file.close()
  }
}

function chunkOf(name: EventColumn, kind: keyof typeof TYPES, { count, values, words }: EventRows): ColumnChunk {
  const chunk = columnChunk(name, TYPES[kind].type, CODEC.NONE)
  const column = values[name]
  if (column instanceof Float64Array) {
    const { levels, present } = gatherIntegers(column, count, kind !== 'time')
    addDataPage(chunk, ENCODING.PLAIN, count, levels, new Uint8Array(present.buffer, 0, present.byteLength))
    return chunk
  }
  const dictionary = words[name as TextColumn] as EventRows['words'][TextColumn] | undefined
  const { levels, present } = gatherPlaces(column, count, dictionary?.count ?? 2)
  if (dictionary === undefined || present.length === 0) {
    addDataPage(chunk, ENCODING.PLAIN, count, levels, bitPacked(present))
    return chunk
  }
  addDictionaryPage(chunk, dictionary.count, dictionary.bytes)
  addDataPage(chunk, ENCODING.RLE_DICTIONARY, count, levels, ...places(present, dictionary.count))
  return chunk
}
