import { describe, expect, test } from 'vitest'
import { at, event, numbered, series } from './event.ts'
import { runLayer } from './run-layer.ts'

const gold = (events: readonly object[]) => runLayer('gold', { events })

describe('activity by address', () => {
  test('a repeated message counts as often as it says', async () => {
    const { activity_by_address } = await gold(numbered([event(), event({ time: at(13), repeat: 5 })]))
    expect(activity_by_address!.rows).toMatchObject([{ address: '192.0.2.7', lines: 2, attempts: 6, failures: 6, failures_10min_max: 6 }])
  })

  test('lines that are no try at a login are lines, not attempts', async () => {
    const probe = event({ attempt: null, event: 'no_identification', outcome: 'none', user: null, user_valid: null })
    const { activity_by_address } = await gold([probe])
    expect(activity_by_address!.rows).toMatchObject([{ lines: 1, attempts: 0, distinct_users: 0, median_interval_s: null }])
  })

  test('the ten-minute window holds its first second and not the one before', async () => {
    const failures = (seconds: number) => gold(numbered([event(), event({ time: at(seconds) })]))
    expect((await failures(600)).activity_by_address!.rows[0]).toMatchObject({ failures_10min_max: 2 })
    expect((await failures(601)).activity_by_address!.rows[0]).toMatchObject({ failures_10min_max: 1 })
  })

  test('the median interval of an even number of gaps lies between the middle two', async () => {
    const times = [0, 1, 3, 10, 20].map((seconds) => event({ time: at(seconds) }))
    expect((await gold(numbered(times))).activity_by_address!.rows[0]).toMatchObject({ median_interval_s: 4.5, span_s: 20 })
  })

  test('fractions of a second are kept', async () => {
    const { activity_by_address } = await gold(numbered([event({ time: at(0.25) }), event({ time: at(0.375) })]))
    expect(activity_by_address!.rows[0]).toMatchObject({ first_seen: '2025-03-03T00:00:00.25Z', median_interval_s: 0.125 })
  })

  test('failures before an accepted login are told', async () => {
    const accepted = event({ time: at(60), attempt: 'auth_accepted', event: 'login_accepted', outcome: 'success' })
    const { activity_by_address } = await gold(numbered([...series(3, 10), accepted, event({ time: at(70) })]))
    expect(activity_by_address!.rows[0]).toMatchObject({ successes: 1, failures: 4, success_after_failures: 3 })
  })

  test('the same address on two hosts is two rows', async () => {
    const { activity_by_address } = await gold(numbered([event(), event({ host: 'db-1.example.org' })]))
    expect(activity_by_address!.rows.map((row) => row.host)).toEqual(['db-1.example.org', 'web-1.example.org'])
  })

  test('an attempt that shows only a host name is keyed by it', async () => {
    const { activity_by_address } = await gold([event({ address: null, address_raw: 'dsl-7.example.net' })])
    expect(activity_by_address!.rows).toMatchObject([{ address: 'dsl-7.example.net', attempts: 1 }])
  })
})

test('activity by user counts addresses and unknown users', async () => {
  const events = numbered([event({ user: 'oracle', user_valid: false }), event({ user: 'oracle', user_valid: false, address: '192.0.2.8' })])
  expect((await gold(events)).activity_by_user!.rows).toMatchObject([{ user: 'oracle', attempts: 2, distinct_addresses: 2, invalid_user_attempts: 2 }])
})

test('activity by hour cuts at the full hour in UTC', async () => {
  const { activity_by_hour } = await gold(numbered([event({ time: at(3599) }), event({ time: at(3600) })]))
  expect(activity_by_hour!.rows).toMatchObject([{ hour: '2025-03-03T00:00:00Z', failures: 1 }, { hour: '2025-03-03T01:00:00Z', failures: 1 }])
})

test('a detection names its strongest window and its lines', async () => {
  const early = series(5, 1)
  const late = series(8, 1, (i) => ({ time: at(10_000 + i) }))
  const { detections } = await gold(numbered([...early, ...late]))
  expect(detections!.rows.find((row) => row.detection === 'brute_force')).toMatchObject({
    entity: '192.0.2.7', observed: 8, threshold: 5, window_start: '2025-03-03T02:46:40Z', first_line: 6, last_line: 13,
  })
})

describe('formulas', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1']
  const harmless = ['alice', '', "o'brien", '1=1', '__proto__', '"; DROP TABLE events; --', 'a,b\n"c"', '漢字']

  test('a user that a spreadsheet would run gets an apostrophe, others stay as they are', async () => {
    const { activity_by_user } = await gold(numbered([...formulas, ...harmless].map((user) => event({ user }))))
    const users = activity_by_user!.rows.map((row) => row.user as string)
    expect(users.toSorted()).toEqual([...formulas.map((user) => `'${user}`), ...harmless].toSorted())
  })

  test('a host name that claims to be a formula gets one in every table', async () => {
    const hostile = series(5, 1, () => ({ address: null, address_raw: '=HYPERLINK("x")', host: '@web' }))
    const { activity_by_address, activity_by_hour, detections } = await gold(numbered(hostile))
    expect(activity_by_address!.rows[0]).toMatchObject({ address: `'=HYPERLINK("x")`, host: `'@web` })
    expect(activity_by_hour!.rows[0]).toMatchObject({ host: `'@web` })
    expect(detections!.rows[0]).toMatchObject({ entity: `'=HYPERLINK("x")`, host: `'@web` })
  })
})
