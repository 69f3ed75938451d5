import { expect, test } from 'vitest'
import { measured } from '../test/measured.ts'
import { perLine, summarize } from './summary.ts'

const file = { lines: 1000, bytes: 100_000 }

test('compares the layers with the limit, pair by pair', () => {
  const { cpuMs, wallMs } = summarize(file, 1, [
    { limit: measured(10), layers: measured(60) },
    { limit: measured(20), layers: measured(100) },
    { limit: measured(10), layers: measured(70) },
  ])
  expect(cpuMs).toEqual({
    limit: { median: 10, min: 10, max: 20 },
    layers: { median: 70, min: 60, max: 100 },
    times: { median: 6, min: 5, max: 7 },
  })
  expect(wallMs.layers.median).toBe(140)
})

test('splits the layers in the order in which they ran', () => {
  const layers = { bronze: 1, silver: 2, gold: 3 }
  const { split } = summarize(file, 1, [{ limit: measured(1), layers: measured(6, layers) }])
  expect(split.map(({ name, cpuMs }) => [name, cpuMs.median])).toEqual([['bronze', 1], ['silver', 2], ['gold', 3]])
})

test('a line costs the same at each size when cost grows with the lines', () => {
  const at = (lines: number, cpu: number) => summarize({ lines, bytes: 1 }, 1, [{ limit: measured(1), layers: measured(cpu) }])
  expect(perLine([at(10_000, 100), at(1_000_000, 5000), at(2_000_000, 11_000)])).toEqual([
    { lines: 10_000, threads: 1, cpuMicros: 10, toBase: 2 },
    { lines: 1_000_000, threads: 1, cpuMicros: 5, toBase: 1 },
    { lines: 2_000_000, threads: 1, cpuMicros: 5.5, toBase: 1.1 },
  ])
})

test('thread counts are not mixed, and without a large size the smallest is the base', () => {
  const at = (lines: number, threads: number, cpu: number) =>
    summarize({ lines, bytes: 1 }, threads, [{ limit: measured(1), layers: measured(cpu) }])
  expect(perLine([at(10, 1, 1), at(20, 1, 2), at(10, 2, 3), at(20, 2, 3)]).map(({ toBase }) => toBase)).toEqual([1, 1, 1, 0.5])
})
