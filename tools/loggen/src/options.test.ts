import { expect, test } from 'vitest'
import { settle } from './options.ts'

test('reports every fault at once, with what was expected and what came', () => {
  const wrong = { seed: NaN, lines: -1, start: 'noon', days: 0, hosts: [], mix: { nonsense: 1 } }
  expect(() => settle(wrong)).toThrow(RangeError)
  expect(() => settle(wrong)).toThrow(/seed: .*NaN.*lines: .*-1.*start: .*days: .*hosts: .*mix, only: .*nonsense/)
})

test('a mix needs a weight above 0', () => {
  expect(() => settle({ seed: 1, lines: 1, mix: { background: 0 } })).toThrow(/mix/)
})

test('a kind that needs days is not told in hours', () => {
  expect(() => settle({ seed: 1, lines: 1000, only: ['unusual_hour'] })).toThrow(/days: unusual_hour needs 7/)
  expect(() => settle({ seed: 1, lines: 1000, only: ['unusual_hour'], days: 7 })).not.toThrow()
})

test('history ends before the log does', () => {
  expect(() => settle({ seed: 1, lines: 1000, days: 2, historyDays: 2 })).toThrow(/historyDays/)
})

test('the span grows with the log, between 6 hours and 60 days', () => {
  const days = (lines: number) => settle({ seed: 1, lines }).spanMs / 86_400_000
  expect([days(10), days(12_000), days(100_000_000)]).toEqual([0.25, 1, 60])
})

test('the full profile spans two weeks or more', () => {
  expect(settle({ seed: 1, lines: 10, profile: 'full' }).spanMs / 86_400_000).toBe(14)
})
