import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ObjectStore, Part } from '../ports.ts'
import { csvRows, firstRows, jsonRows } from './rows.ts'

const part = {} as Part
/** A store whose reads come in pieces of `size` bytes. */
const storeOf = (text: string, size: number): ObjectStore & { pieces: number } => {
  const bytes = new TextEncoder().encode(text)
  const store = {
    pieces: 0,
    async *read() {
      for (let at = 0; at < bytes.length; at += size, store.pieces++) yield bytes.subarray(at, at + size)
    },
  }
  return store as unknown as ObjectStore & { pieces: number }
}
const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}
const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '\u2028', '😀') })

test('JSON lines are the same however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.integer({ min: 1, max: 9 }), fc.boolean(), async (rows, size, closed) => {
      const store = storeOf(rows.map((row) => JSON.stringify({ row })).join('\n') + (closed ? '\n' : ''), size)
      expect(await all(jsonRows(store, part))).toEqual(rows.map((row) => ({ row })))
    }),
  )
})

test('CSV rows are the same however the bytes are cut, line ends in cells included', async () => {
  const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text)), fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const store = storeOf(['a,b', ...rows.map((row) => row.map(cell).join(','))].join('\r\n'), size)
      expect(await all(csvRows(store, part))).toEqual(rows.map(([a, b]) => ({ a, b })))
    }),
  )
})

test('no more is read than the first rows need', async () => {
  const store = storeOf('{"a":1}\n'.repeat(100), 8)
  expect(await firstRows(store, part, 3)).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }])
  expect(store.pieces).toBeLessThan(5)
  expect(await firstRows(store, part, 0)).toEqual([])
})
