import { afterAll, beforeAll, expect, test } from 'vitest'
import { againstBare, READS, SCORE, servedUnderLoad } from './load.ts'
import type { Served } from './dashboard.ts'

let served: Served
beforeAll(async () => {
  served = await servedUnderLoad()
})
afterAll(() => served?.stop())

// The ratio is a figure for docs/api.md, not a law: a busy machine moves it.
test.each([...READS, SCORE])('$method $path answers under load without an error', async (route) => {
  const figures = await againstBare(served, route)
  process.stderr.write(`${route.path}: ${JSON.stringify(figures)}\n`)
  expect(figures.failed).toBe(0)
  expect(figures.served).toBeGreaterThan(0)
})
