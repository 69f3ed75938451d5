import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ratioOfPairs, spread } from './statistics.ts'

describe('spread', () => {
  test('the median of an odd number is the middle one, whatever the order', () => {
    expect(spread([5, 1, 100, 3, 4])).toEqual({ median: 4, min: 1, max: 100 })
  })
  test('the median of an even number lies between the two in the middle', () => {
    expect(spread([10, 2, 4, 8])).toEqual({ median: 6, min: 2, max: 10 })
  })
  test('of no values is an error', () => {
    expect(() => spread([])).toThrow(RangeError)
  })
  test('numbers are ordered as numbers', () => {
    expect(spread([9, 10, 100])).toEqual({ median: 10, min: 9, max: 100 })
  })
  test('half of the values lie on each side of the median', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }), (values) => {
      const { median, min, max } = spread(values)
      expect(values.filter((value) => value <= median).length).toBeGreaterThanOrEqual(values.length / 2)
      expect(values.filter((value) => value >= median).length).toBeGreaterThanOrEqual(values.length / 2)
      expect(min <= median && median <= max).toBe(true)
    }))
  })
})

describe('ratioOfPairs', () => {
  test('is taken pair by pair, so a slow moment that hits a whole pair does not move it', () => {
    expect(ratioOfPairs([[1, 6], [10, 60], [1, 6]])).toEqual({ median: 6, min: 6, max: 6 })
  })
  test('is not the ratio of the medians', () => {
    expect(ratioOfPairs([[1, 4], [2, 2], [3, 9]])).toEqual({ median: 3, min: 1, max: 4 })
  })
})
