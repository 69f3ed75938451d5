import { expect, test } from 'vitest'
import { measurePairs } from './pairs.ts'

test('measures the limit and the layers by turns', async () => {
  const order: string[] = []
  const pairs = await measurePairs(3, async (work) => {
    order.push(work)
    return { wallMs: order.length, cpuMs: 0, peakRssBytes: 0, phases: [] }
  })
  expect(order).toEqual(['limit', 'layers', 'limit', 'layers', 'limit', 'layers'])
  expect(pairs.map(({ limit, layers }) => [limit.wallMs, layers.wallMs])).toEqual([[1, 2], [3, 4], [5, 6]])
})
