import { expect, test } from 'vitest'
import { settle } from './options.ts'

test('reports every fault at once, with what was expected and what came', () => {
  const wrong = { seed: NaN, lines: -1, start: 'noon', days: 0, hosts: [], mix: { nonsense: 1 } }
  expect(() => settle(wrong)).toThrow(RangeError)
  expect(() => settle(wrong)).toThrow(/seed: .*NaN.*lines: .*-1.*start: .*days: .*hosts: .*mix: .*nonsense/)
})

test('a mix needs a weight above 0', () => {
  expect(() => settle({ seed: 1, lines: 1, mix: { background: 0 } })).toThrow(/mix/)
})

test('the span grows with the log, between 6 hours and 60 days', () => {
  const days = (lines: number) => settle({ seed: 1, lines }).spanMs / 86_400_000
  expect([days(10), days(12_000), days(100_000_000)]).toEqual([0.25, 1, 60])
})
