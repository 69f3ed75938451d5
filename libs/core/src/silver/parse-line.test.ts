import { describe, expect, test } from 'vitest'
import { compileCatalogue } from '../catalogue/index.ts'
import { LogpipeError } from '../errors/error.ts'
import type { RunParams } from '../ports.ts'
import { explainLine, parseLine } from './parse-line.ts'

const catalogue = compileCatalogue({
  version: 1,
  messages: [
    {
      id: 'invalid-user',
      template: 'Invalid user {user} from {address}',
      event: 'invalid_user',
      outcome: 'failure',
      set: { user_valid: false },
      versions: '3.0-',
      sample: { message: 'Invalid user a from 192.0.2.7', fields: { user: 'a', user_valid: false, address: '192.0.2.7' } },
    },
  ],
})
const base = (date: string, timezone = 'UTC'): RunParams => ({ timezone, baseTimeMs: Date.parse(date) })
const MID_2015 = base('2015-06-15T12:00:00Z')
const MESSAGE = 'Invalid user a from 192.0.2.7'

const headerOf = (line: string, params = MID_2015): unknown[] => {
  const { event, quarantine } = parseLine(line, catalogue, params)
  return event === null ? [quarantine] : [event.time, event.host, event.program, event.pid, event.message]
}

test.each([
  ['rfc3164', `Jun 10 06:55:46 web-1 sshd[123]: ${MESSAGE}`, '2015-06-10T06:55:46Z', 'web-1', 'sshd', 123],
  ['rfc3164', `<38>Jun  9 06:55:46 web-1 sshd-session[123]: ${MESSAGE}`, '2015-06-09T06:55:46Z', 'web-1', 'sshd-session', 123],
  ['rfc3164', `Jun 9 06:55:46.5 web-1 sshd: ${MESSAGE}`, '2015-06-09T06:55:46.5Z', 'web-1', 'sshd', null],
  ['rfc3164', `Jun 9 2013 06:55:46 2001:db8::9 /usr/sbin/sshd[12]: ${MESSAGE}`, '2013-06-09T06:55:46Z', '2001:db8::9', 'sshd', 12],
  ['rfc3164', `Jun 9 06:55:46 2013 192.0.2.9 [sshd]: ${MESSAGE}`, '2013-06-09T06:55:46Z', '192.0.2.9', 'sshd', null],
  ['rfc3164', `Jun 9 06:55:46 web-1 sshd(pam_unix)[7]: ${MESSAGE}`, '2015-06-09T06:55:46Z', 'web-1', 'sshd', 7],
  ['rfc3164', `Jun 9 06:55:46 sshd[7]: ${MESSAGE}`, '2015-06-09T06:55:46Z', null, 'sshd', 7],
  ['rfc3339', `2014-05-01T06:55:46.123456+02:00 web-1 sshd[1]: ${MESSAGE}`, '2014-05-01T04:55:46.123456Z', 'web-1', 'sshd', 1],
  ['rfc3339', `2014-05-01T00:30:00+0200 web-1 sshd[1]: ${MESSAGE}`, '2014-04-30T22:30:00Z', 'web-1', 'sshd', 1],
  ['rfc3339', `2014-05-01 23:55:46.123456-0930  localhost sshd[1]: ${MESSAGE}`, '2014-05-02T09:25:46.123456Z', 'localhost', 'sshd', 1],
  ['rfc5424', `<38>1 2014-05-01T06:55:46Z web-1 sshd 123 - - ${MESSAGE}`, '2014-05-01T06:55:46Z', 'web-1', 'sshd', 123],
  ['rfc5424', `<38>1 2014-05-01T06:55:46Z - - - ID [a@1 x="]\\] y"][b z="1"] \uFEFF${MESSAGE}`, '2014-05-01T06:55:46Z', null, null, null],
  ['unified-log', `2014-05-01 06:55:46.1+0200 0x1a2b   Default   0x0      123    0    sshd: ${MESSAGE}`, '2014-05-01T04:55:46.1Z', null, 'sshd', 123],
])('%s: %s', (form, line, ...header) => {
  expect(headerOf(line)).toEqual([...header, MESSAGE])
  expect(explainLine(line, catalogue, MID_2015).form).toBe(form)
})

test.each([
  ['no_header', 'May the force be with you'],
  ['no_header', 'Jun 10 06:55 web-1 sshd[1]: x'],
  ['no_header', '2014-05-01T06:55:46+2 web-1 sshd[1]: x'],
  ['no_header', '<38>1 2014-05-01T06:55:46Z web-1 sshd 1 - [a'],
  ['bad_time', 'Feb 30 06:55:46 web-1 sshd[1]: x'],
  ['bad_time', 'Jun 10 24:00:00 web-1 sshd[1]: x'],
  ['bad_time', '<38>1 - web-1 sshd 1 - - x'],
  ['bad_time', '2014-05-01T06:55:46+24:00 web-1 sshd[1]: x'],
  ['blank', ' \t\r'],
  ['binary', '\0\u0001'],
])('%s: %s', (reason, line) => {
  expect(headerOf(line)).toEqual([reason])
})

describe('the year of a year-less time', () => {
  const yearOf = (date: string, params: RunParams): unknown => headerOf(`${date} web-1 sshd[1]: x`, params)[0]
  test.each([
    ['Jun 15 12:00:00', base('2015-06-15T12:00:00Z'), '2015-06-15T12:00:00Z'],
    ['Jun 16 12:00:00', base('2015-06-15T12:00:00Z'), '2015-06-16T12:00:00Z'],
    ['Jun 16 12:00:01', base('2015-06-15T12:00:00Z'), '2014-06-16T12:00:01Z'],
    ['Dec 31 23:59:59', base('2016-01-01T00:00:05Z'), '2015-12-31T23:59:59Z'],
    ['Jan  1 00:00:01', base('2015-12-31T23:59:59Z'), '2016-01-01T00:00:01Z'],
    ['Feb 29 10:00:00', base('2016-03-01T00:00:00Z'), '2016-02-29T10:00:00Z'],
    ['Feb 29 10:00:00', base('2016-02-01T00:00:00Z'), '2012-02-29T10:00:00Z'],
    ['Feb 29 10:00:00', base('2015-06-15T12:00:00Z'), '2012-02-29T10:00:00Z'],
    ['Feb 29 10:00:00', base('2103-06-15T12:00:00Z'), '2096-02-29T10:00:00Z'],
    ['Dec 31 23:59:60', base('2017-02-01T00:00:00Z'), '2017-01-01T00:00:00Z'],
  ])('%s is near %o', (date, params, time) => {
    expect(yearOf(date, params)).toBe(time)
  })

  test('is marked as inferred', () => {
    expect(parseLine('Jun 10 06:55:46 web-1 sshd[1]: x', catalogue, MID_2015).event?.year_inferred).toBe(true)
    expect(parseLine('Jun 10 06:55:46 2015 web-1 sshd[1]: x', catalogue, MID_2015).event?.year_inferred).toBe(false)
  })
})

test.each([
  ['Jun 10 06:55:46', 'Europe/Berlin', '2015-06-10T04:55:46Z'],
  ['Jan 10 00:30:00', 'Europe/Berlin', '2015-01-09T23:30:00Z'],
  ['Mar 29 01:59:59', 'Europe/Berlin', '2015-03-29T00:59:59Z'],
  // Left out by the change to summer time: the offset before the change counts.
  ['Mar 29 02:30:00', 'Europe/Berlin', '2015-03-29T01:30:00Z'],
  ['Mar 29 03:00:00', 'Europe/Berlin', '2015-03-29T01:00:00Z'],
  // Doubled by the change back: the first of the two.
  ['Oct 26 02:30:00', 'Europe/Berlin', '2014-10-26T00:30:00Z'],
  ['Jun 10 06:55:46', 'Asia/Kathmandu', '2015-06-10T01:10:46Z'],
])('%s in %s is %s', (date, timezone, time) => {
  expect(headerOf(`${date} web-1 sshd[1]: x`, { ...MID_2015, timezone })[0]).toBe(time)
})

test('an unknown time zone is a coded error', () => {
  expect(() => parseLine('x', catalogue, { ...MID_2015, timezone: 'Mars/Olympus' })).toThrow(LogpipeError)
})

test('other programs are parsed and not classified', () => {
  expect(parseLine('Jun 10 06:55:46 web-1 CRON[7]: session 42 opened', catalogue, MID_2015).event).toMatchObject({
    event: 'other_program',
    outcome: 'none',
    template_id: null,
    template: 'session <*> opened',
    repeat: 1,
  })
})

test('a connection that ends before a login has failed, where its entry says so', () => {
  const entry = { template: 'Connection closed by {address}', event: 'connection_closed', outcome: 'none', versions: '2.1-', sample: { message: 'Connection closed by 192.0.2.7', fields: { address: '192.0.2.7' } } }
  const outcome = (suffix: string, preauth: object): string | undefined => {
    const closed = compileCatalogue({ version: 1, messages: [{ id: 'closed', ...entry, ...preauth }] })
    return parseLine(`Jun 10 06:55:46 web-1 sshd[1]: Connection closed by 192.0.2.7${suffix}`, closed, MID_2015).event?.outcome
  }
  expect([outcome(' [preauth]', { preauth: 'failure' }), outcome('', { preauth: 'failure' }), outcome(' [preauth]', {})]).toEqual(['failure', 'none', 'none'])
})

test('an sshd message that nothing fits is unclassified', () => {
  expect(parseLine('Jun 10 06:55:46 web-1 sshd[7]: error: session 42 opened', catalogue, MID_2015).event).toMatchObject({
    event: 'unclassified',
    template: 'error: session <*> opened',
  })
})
