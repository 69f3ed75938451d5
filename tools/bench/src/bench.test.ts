import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bench } from './bench.ts'
import { measure } from './measure.ts'

let scratch: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bench-'))
})
afterEach(() => rm(scratch, { recursive: true }))

test('measures the real limit and the real layers in processes of their own, and cleans up after them', async () => {
  const options = { lines: [300], pairs: 1, threads: [1], seed: 1, json: null }
  const cases = await bench(options, {
    scratch,
    measure: (work, file, threads) => measure(work, file, threads, scratch),
    progress: () => undefined,
  })
  expect(cases).toHaveLength(1)
  expect(cases[0]).toMatchObject({ lines: 300, threads: 1, pairs: 1 })
  expect(cases[0]?.split.map(({ name }) => name)).toEqual(['start', 'bronze', 'silver', 'gold', 'ml', 'release'])
  expect(cases[0]?.cpuMs.limit.median).toBeGreaterThan(0)
  expect(cases[0]?.peakRssBytes.layers.median).toBeGreaterThan(0)
  expect(await readdir(scratch)).toEqual(['300.log'])
})

test('a child that fails is told with its own words', async () => {
  await expect(measure('limit', join(scratch, 'missing.log'), 1, scratch)).rejects.toThrow(/missing\.log/)
})
