import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Random } from './random.ts'

test('a stream is named: the same name gives the same draws, another name others', () => {
  const draws = (random: Random) => Array.from({ length: 8 }, () => random.bits())
  expect(draws(new Random(7, 'background', 3))).toEqual(draws(new Random(7, 'background', 3)))
  expect(draws(new Random(7, 'background', 3))).not.toEqual(draws(new Random(7, 'background', 4)))
  expect(draws(new Random(7, 'background', 3))).not.toEqual(draws(new Random(8, 'background', 3)))
})

test('draws stay within their bounds', () => {
  fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 1000 }), (seed, low, width) => {
    const random = new Random(seed)
    for (const value of [random.int(low, low + width), random.skewed(low, low + width), random.between(low, low + width)]) {
      expect(value).toBeGreaterThanOrEqual(low)
      expect(value).toBeLessThanOrEqual(low + width)
    }
  }))
})

test('whole numbers are drawn evenly', () => {
  const random = new Random(42)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let n = 0; n < 100_000; n++) counts[random.int(0, 9)]!++
  expect(Math.min(...counts)).toBeGreaterThan(9_500)
  expect(Math.max(...counts)).toBeLessThan(10_500)
})
