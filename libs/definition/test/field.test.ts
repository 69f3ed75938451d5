import type { SilverEvent } from '@logpipe/core/silver'
import { describe, expect, test } from 'vitest'
import { at, event, linesOf, numbered, series } from './event.ts'
import { runLayer } from './run-layer.ts'

// Logs as they are met in the field, and whom an analyst wants to read of in them.
const DAY = 86_400
const NAT = '10.0.0.1'

const flagged = async (events: readonly SilverEvent[]): Promise<unknown[]> => {
  const rows = numbered([...events].sort((a, b) => (a.time < b.time ? -1 : 1)))
  const { anomalies } = await runLayer('ml', { events: rows, lines: linesOf(rows) })
  return anomalies!.rows.filter((row) => row.flagged).map(({ entity }) => entity)
}
const login = (second: number, user: string, address: string): SilverEvent =>
  event({ time: at(second), user, address, attempt: 'auth_accepted', outcome: 'success', event: 'login_accepted', method: 'publickey' })
const slip = (second: number, user: string, address: string): SilverEvent => event({ time: at(second), user, address })

/** Twelve people who come twice a day, for ten days. */
const office = (address: (n: number) => string): SilverEvent[] =>
  Array.from({ length: 240 }, (_, i) => login(Math.floor(i / 24) * DAY + 9 * 3600 + (i % 24) * 1200, `user${i % 12}`, address(i % 12)))

test('where only the right people log in, nobody is flagged', async () => {
  expect(await flagged(office((n) => `203.0.113.${10 + n}`))).toEqual([])
})

describe('where all come through one bastion', () => {
  const slips = Array.from({ length: 20 }, (_, i) => slip(Math.floor(i / 2) * DAY + 9 * 3600 + (i % 2) * 5000 + 30, `user${i % 12}`, NAT))

  test('their slips are no attack', async () => {
    expect(await flagged([...office(() => NAT), ...slips])).toEqual([])
  })

  test('a night of guesses is', async () => {
    const guesses = Array.from({ length: 60 }, (_, i) => event({ time: at(3 * DAY + i * 3), user: `name${i % 20}`, user_valid: false, address: NAT }))
    expect(await flagged([...office(() => NAT), ...guesses])).toEqual([NAT])
  })
})

test('a check every five minutes that never logs in is not flagged', async () => {
  const checks = series(288, 300, (i) => ({ pid: 5000 + i, address: '10.0.0.9', attempt: null, event: 'connection_closed', user: null, method: null }))
  expect(await flagged([...office((n) => `203.0.113.${10 + n}`), ...checks])).toEqual([])
})

test('a scanner that tries once at each of many hosts is flagged, once', async () => {
  const sweep = series(40, 15, (i) => ({ address: '192.0.2.66', user: 'root', host: `srv-${i}.example.org` }))
  expect(await flagged(sweep)).toEqual(['192.0.2.66'])
})

test('in a log of a few lines too', async () => {
  expect(await flagged([...series(8, 4, () => ({ address: '192.0.2.66', user: 'root' })), login(900, 'alice', '203.0.113.5')])).toEqual(['192.0.2.66'])
})
