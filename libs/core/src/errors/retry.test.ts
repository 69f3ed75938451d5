import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ErrorClass, nextAttempt } from './retry.ts'

const tries = (kind: ErrorClass, configured: number): number => {
  let attempt = 1
  while (nextAttempt(kind, attempt, configured) !== null) attempt += 1
  return attempt
}

test.each<[ErrorClass, number, number]>([
  ['user', 3, 1],
  ['transient', 3, 3],
  ['throttled', 3, 5],
  ['environment', 3, 2],
  ['bug', 3, 2],
  ['environment', 1, 1],
  ['transient', 1, 1],
])('%s, %d configured: %d tries in all', (kind, configured, wanted) => {
  expect(tries(kind, configured)).toBe(wanted)
})

test('waits double, never run past five minutes and are never shorter than the server asks', () => {
  expect([1, 2].map((attempt) => nextAttempt('transient', attempt, 3))).toEqual([2000, 4000])
  const kind = fc.constantFrom<ErrorClass>('transient', 'throttled', 'environment', 'bug', 'user')
  fc.assert(
    fc.property(kind, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 10 }), fc.option(fc.integer({ min: 0, max: 3_600_000 })), (given, attempt, configured, retryAfterMs) => {
      const wait = nextAttempt(given, attempt, configured, retryAfterMs)
      if (wait === null) return
      expect(wait).toBeLessThanOrEqual(300_000)
      expect(wait).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 0, 300_000))
    }),
  )
})
