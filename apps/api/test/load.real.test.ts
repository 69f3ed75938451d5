import { afterAll, beforeAll, expect, test } from 'vitest'
import { againstBare, READS, SCORE, servedUnderLoad } from './load.ts'
import type { Served } from './dashboard.ts'

let served: Served
beforeAll(async () => {
  served = await servedUnderLoad()
})
afterAll(() => served?.stop())

// A ratio within one run holds on any machine; a time would not.
test.each([...READS.map((route) => ({ ...route, least: 0.5 })), { ...SCORE, least: 0.2 }])('$method $path serves at least $least of what a bare Fastify route does, without an error', async ({ least, ...route }) => {
  const figures = await againstBare(served, route)
  process.stderr.write(`${route.path}: ${JSON.stringify(figures)}\n`)
  expect(figures.failed).toBe(0)
  expect(figures.ratio).toBeGreaterThanOrEqual(least)
})
