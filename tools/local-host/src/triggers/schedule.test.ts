import { expect, test } from 'vitest'
import { parseSchedule } from './schedule.ts'

const at = (text: string): number => Date.parse(text)
const next = (expression: string, after: string): string => new Date(parseSchedule('f', expression).next(at(after))).toISOString()

test.each([
  ['0 */5 * * * *', '2024-03-01T10:02:30Z', '2024-03-01T10:05:00.000Z'],
  ['30 0 9-17 * * 1-5', '2024-03-01T17:00:30Z', '2024-03-04T09:00:30.000Z'],
  ['0 0 0 29 2 *', '2024-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  // Both must match: Friday the 13th.
  ['0 0 0 13 * 5', '2024-01-01T00:00:00Z', '2024-09-13T00:00:00.000Z'],
])('%s after %s is %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected)
})

test('WEBSITE_TIME_ZONE moves the schedule', () => {
  process.env['WEBSITE_TIME_ZONE'] = 'Europe/Berlin'
  try {
    expect(next('0 0 9 * * *', '2024-07-01T00:00:00Z')).toBe('2024-07-01T07:00:00.000Z')
  } finally {
    delete process.env['WEBSITE_TIME_ZONE']
  }
})

test('only schedules of a minute or more are monitored', () => {
  expect(parseSchedule('f', '*/30 * * * * *').monitored).toBe(false)
  expect(parseSchedule('f', '0 * * * * *').monitored).toBe(true)
})

test.each(['*/5 * * * *', '00:05:00', 'hourly', '0 0 0 31 2 *', '%NOT_SET_AT_ALL%'])('%s is refused by name', (expression) => {
  expect(() => parseSchedule('tick', expression)).toThrow(/HOST_SETTING_INVALID/)
})
