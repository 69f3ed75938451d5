import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readParquet } from '../../test/harness.ts'
import { HashingFile } from '../hashing-file.ts'
import { LinesParquet } from './lines-parquet.ts'

const dir = mkdtempSync(join(tmpdir(), 'logpipe-parquet-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const NAMES = ['source', 'line_no', 'byte_offset', 'byte_length', 'raw', 'raw_bytes', 'flags', 'sha256']
const columns = NAMES.map((name) => ({ name }))

interface Line {
  text: string
  length: number
  flags: number
  raw: Uint8Array | null
  sha256: string | null
}

function batchOf(lines: readonly Line[], firstLine: number, firstOffset: number): LineBatch {
  const texts = lines.map(({ text }) => Buffer.from(text))
  const ends = texts.map((_, i) => texts.slice(0, i + 1).reduce((sum, text) => sum + text.length, 0))
  return {
    bytes: Buffer.concat(texts),
    count: lines.length,
    firstLine,
    starts: Uint32Array.from(ends.map((end, i) => end - texts[i]!.length)),
    ends: Uint32Array.from(ends),
    offsets: Float64Array.from(lines.map((_, i) => firstOffset + lines.slice(0, i).reduce((sum, { length }) => sum + length, 0))),
    lengths: Float64Array.from(lines.map(({ length }) => length)),
    flags: Uint8Array.from(lines.map(({ flags }) => flags)),
    special: new Map(lines.flatMap(({ raw, sha256 }, i) => (raw === null && sha256 === null ? [] : [[i, { rawBytes: raw, sha256 }]]))),
  }
}

let files = 0
function write(lines: readonly Line[], batchSize: number): string {
  const path = join(dir, `${files++}.parquet`)
  const writer = new LinesParquet(new HashingFile(path), 'bronze/a.log', columns)
  let offset = 0
  for (let at = 0; at < lines.length; at += batchSize) {
    const batch = lines.slice(at, at + batchSize)
    writer.add(batchOf(batch, at + 1, offset))
    offset = batch.reduce((sum, { length }) => sum + length, offset)
  }
  writer.finish()
  return path
}

const line = fc.record({
  text: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('', '"', '\\', '\0', "'", 'a\tb', '\r', ',')),
  length: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 2 ** 45 })),
  flags: fc.integer({ min: 0, max: 63 }),
  raw: fc.option(fc.uint8Array({ maxLength: 20 })),
  sha256: fc.option(fc.constant('ab'.repeat(32))),
})

test('DuckDB reads back exactly what was written', async () => {
  const law = fc.asyncProperty(fc.array(line, { maxLength: 400 }), async (lines) => {
    let offset = 0
    const expected = lines.map(({ text, length, flags, raw, sha256 }, i) => {
      const names = Object.entries(LINE_FLAGS).flatMap(([name, bit]) => (flags & bit ? [name] : []))
      const row = { source: 'bronze/a.log', line_no: BigInt(i + 1), byte_offset: BigInt(offset), byte_length: BigInt(length), raw: text, raw_bytes: raw, flags: names.join(' '), sha256 }
      offset += length
      return row
    })
    const rows = (await readParquet(write(lines, 50))) as ((typeof expected)[number] & { raw_bytes: Uint8Array | null })[]
    expect(rows.map((row) => ({ ...row, raw_bytes: row.raw_bytes && Uint8Array.from(row.raw_bytes) }))).toEqual(expected)
  })
  await fc.assert(law, { numRuns: 60 })
})

const plain = (text: string): Line => ({ text, length: text.length + 1, flags: 0, raw: null, sha256: null })

test('the bytes do not depend on the batches', () => {
  const lines = Array.from({ length: 300 }, (_, i) => plain(`line ${i}`))
  expect(readFileSync(write(lines, 1))).toEqual(readFileSync(write(lines, 300)))
})

test('many rows make several row groups, in order', async () => {
  const lines = Array.from({ length: 130_000 }, (_, i) => plain(`line ${i}`))
  const path = write(lines.slice(0, 0), 1)
  expect(await readParquet(path, 'count(*) AS rows')).toEqual([{ rows: 0n }])
  const many = write(lines, 1000)
  expect(await readParquet(many, "count(*) AS rows, count(*) FILTER (raw = concat('line ', line_no - 1)) AS right, max(file_row_number) AS last")).toEqual([
    { rows: 130_000n, right: 130_000n, last: 129_999n },
  ])
})

test('long lines end a row group before its rows do', async () => {
  const lines = Array.from({ length: 1200 }, (_, i) => plain(String(i).padEnd(65_536, 'x')))
  const path = write(lines, 100)
  expect(await readParquet(path, 'count(*) AS rows, min(length(raw)) AS shortest')).toEqual([{ rows: 1200n, shortest: 65_536n }])
  const footer = readFileSync(path)
  expect(footer.subarray(footer.length - 4).toString()).toBe('PAR1')
})

test('a column that bronze does not make is refused', () => {
  const file = new HashingFile(join(dir, 'refused'))
  expect(() => new LinesParquet(file, 'bronze/a.log', [{ name: 'colour' }])).toThrow(/bronze has no column colour/)
  file.discard()
})
