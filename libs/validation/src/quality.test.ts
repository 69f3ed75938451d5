import type { Expectation } from '@logpipe/core'
import { describe, expect, test } from 'vitest'
import { checkQuality } from './quality.ts'

const expectation = (value: number, action: Expectation['action']): Expectation => ({ value, action, description: '' })
const quality = { maxQuarantinedShare: expectation(0.5, 'fail'), maxUnclassifiedShare: expectation(0.1, 'warn'), maxBackwardsShare: expectation(0.2, 'fail') }
const counts = { lines: 10, blank: 0, quarantined: 0, unclassified: 0, times_backwards: 0 }

describe('expectations', () => {
  test('a share at its limit is fine', () => {
    expect(checkQuality({ ...counts, quarantined: 5, unclassified: 1, times_backwards: 2 }, quality, {}, 'r')).toEqual([])
  })

  test('one line past the limit fails with the commonest reason', () => {
    const check = () => checkQuality({ ...counts, quarantined: 6, quarantined_no_header: 2, quarantined_binary: 4 }, quality, {}, 'r')
    expect(check).toThrow(expect.objectContaining({ code: 'NOT_A_LOG', fields: { share: '60.0', limit: '50.0', reason: 'binary', runId: 'r' } }))
  })

  test('blank lines do not count', () => {
    expect(checkQuality({ ...counts, blank: 8, quarantined: 9 }, quality, {}, 'r')).toEqual([])
    expect(() => checkQuality({ ...counts, blank: 8, quarantined: 10 }, quality, {}, 'r')).toThrow(expect.objectContaining({ code: 'NOT_A_LOG' }))
  })

  test('the action says whether it warns or fails', () => {
    expect(checkQuality({ ...counts, unclassified: 2 }, quality, {}, 'r')).toEqual(['HIGH_UNCLASSIFIED'])
    expect(() => checkQuality({ ...counts, times_backwards: 3 }, quality, {}, 'r')).toThrow(expect.objectContaining({ code: 'EXPECTATION_FAILED' }))
  })

  test('the configuration overrides a limit', () => {
    expect(checkQuality({ ...counts, quarantined: 9 }, quality, { maxQuarantinedShare: 1 }, 'r')).toEqual([])
  })

  test('an empty source is within every limit', () => {
    expect(checkQuality({ lines: 0 }, quality, {}, 'r')).toEqual([])
  })

  test('an expectation nobody measures is refused by name', () => {
    expect(() => checkQuality(counts, { maxFun: expectation(1, 'warn') }, {}, 'r')).toThrow('maxFun')
  })
})
