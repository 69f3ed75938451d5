import { afterAll, beforeAll, expect, test } from 'vitest'
import { load, READS, SCORE, servedUnderLoad } from './load.ts'
import type { Served } from './dashboard.ts'

const MINUTES = 10
let served: Served
beforeAll(async () => {
  served = await servedUnderLoad()
})
afterAll(() => served?.stop())

const residentBytes = async (): Promise<number> => {
  const text = await (await fetch(`${served.origin}/metrics`, { headers: { 'x-api-key': served.key } })).text()
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1])
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test(`${MINUTES} minutes of reads and scores leave the memory flat`, async () => {
  const seen: number[] = []
  let failed = 0
  const end = Date.now() + MINUTES * 60_000
  while (Date.now() < end) {
    for (const route of [...READS, SCORE]) {
      const { errors, timeouts, non2xx } = await load(served.origin, route, served.key, 5)
      failed += errors + timeouts + non2xx
    }
    seen.push(await residentBytes())
  }
  const third = Math.floor(seen.length / 3)
  process.stderr.write(`resident MB: ${seen.map((bytes) => Math.round(bytes / 1e6)).join(' ')}\n`)
  expect(failed).toBe(0)
  expect(median(seen.slice(-third))).toBeLessThan(1.1 * median(seen.slice(third, 2 * third)))
})
