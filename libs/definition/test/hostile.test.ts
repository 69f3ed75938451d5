import { type RunParams, safeText } from '@logpipe/core'
import { parseLine, type SilverEvent } from '@logpipe/core/silver'
import { batchesOf, eventsOf, matchSteps, quarantineOf, silverOf } from '@logpipe/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences } from './differences.ts'
import { bytesOf, flagsOf, hostileCases } from './hostile.ts'
import { definition, runLayer } from './run-layer.ts'
import { SilverOnDuckDb } from './silver-duckdb.ts'

const { catalogue } = definition
const PARAMS: RunParams = { timezone: 'UTC', baseTimeMs: Date.UTC(2016, 0, 2) }
const read = (source: Uint8Array) => {
  const batches = batchesOf(source)
  const silver = silverOf(batches, catalogue, PARAMS)
  return { batches, counts: silver.counts, events: eventsOf(silver), quarantine: quarantineOf(silver) }
}
const eventsOfThreat = (threat: string): SilverEvent[] => hostileCases.filter((one) => one.threat === threat).flatMap((one) => read(bytesOf(one)).events)

let duckdb: SilverOnDuckDb
beforeAll(async () => {
  duckdb = await SilverOnDuckDb.create(catalogue)
})
afterAll(() => duckdb.close())

describe.each(hostileCases)('$threat: $name', (one) => {
  const source = bytesOf(one)
  const { batches, events, quarantine, counts } = read(source)

  test('gives what the fixture says, line by line', () => {
    expect(counts.lines).toBe(one.expect.length)
    const flags = flagsOf(batches)
    one.expect.forEach(({ quarantine: reason, flags: expectedFlags = '', ...fields }, i) => {
      expect(flags[i], `flags of line ${i + 1}`).toBe(expectedFlags)
      const row = reason === undefined ? events.find((event) => event.line_no === i + 1) : quarantine.find((line) => line.line_no === i + 1)
      expect(row, `line ${i + 1}`).toMatchObject(reason === undefined ? fields : { ...fields, reason })
    })
  })
})

test('the SQL gives the same for all of them', async () => {
  // The batches of all cases behind each other, as one source: one question to DuckDB instead of one a case.
  let lines = 0
  const batches = hostileCases.flatMap((one) => {
    const renumbered = batchesOf(bytesOf(one)).map((batch) => ({ ...batch, firstLine: batch.firstLine + lines }))
    lines += one.expect.length
    return renumbered
  })
  const silver = silverOf(batches, catalogue, PARAMS)
  const sql = await duckdb.run(batches, PARAMS)
  expect(sql.events.length + sql.quarantine.length).toBe(lines)
  expect([...differences(sql.events, eventsOf(silver)), ...differences(sql.quarantine, quarantineOf(silver))]).toEqual([])
})

test('every log-line row of the threat table has a case', () => {
  expect([...new Set(hostileCases.map(({ threat }) => threat))]).toEqual(['log forging', '__proto__', 'terminal escapes', 'CSV formulas', 'HTML', 'SQL', 'bytes', 'huge line', 'ReDoS', 'passwords as user names'])
})

test('only documentation addresses', () => {
  const text = hostileCases.map((one) => bytesOf(one).toString('latin1')).join('\n')
  for (const [address] of text.matchAll(/\b\d{1,3}(\.\d{1,3}){3}\b/g)) expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\./)
})

test('nothing that steers a terminal comes out of the output function, and nothing is lost on the way to it', () => {
  for (const { user, message } of eventsOfThreat('terminal escapes')) {
    for (const text of [user ?? '', message]) expect(safeText(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
    expect(safeText(user ?? '')).toMatch(/\\(x1b|x9b|x0d|u202e)/)
  }
})

test('a formula has an apostrophe before it in every CSV', async () => {
  const events = eventsOfThreat('CSV formulas')
  const hostile = events.map((event, i) => ({ ...event, line_no: i + 1, host: event.user, address: null, address_raw: event.user }))
  for (const { rows } of Object.values(await runLayer('gold', { events: hostile }))) {
    for (const value of rows.flatMap((row) => Object.values(row))) if (typeof value === 'string') expect(value).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
  }
  const users = (await runLayer('gold', { events: events.map((event, i) => ({ ...event, line_no: i + 1 })) }))['activity_by_user']?.rows.map(({ user }) => user)
  expect(users?.toSorted()).toEqual(events.map(({ user }) => `'${user}`).toSorted())
})

describe('a hostile line costs what its length costs', () => {
  const SMALL = 64 * 1024
  const TIMES = 16
  /** As many templates begin alike at most and have to be told apart by going over the line. */
  const LOOKS = 16
  test.each([
    ['Failed password for ', ' from 198.51.100.1 port 22 ssh2'],
    ['Failed password for invalid user ', ' from '],
    ['', 'message repeated 2 times: [ '],
    ['Invalid user a [preauth]', ' [preauth]'],
    ['', 'error: '],
    ['', '" \' 1:2 0x'],
    ['', '::'],
    ['x', 'x'],
    ['a: ', 'x '],
    ['/etc/ssh/sshd_config', ' line 1: '],
    ['pam_unix(sshd:auth): authentication failure; ', ' rhost=198.51.100.1  user='],
    ['Accepted publickey for ', ' ID a (serial 1) CA RSA SHA256:'],
    ['Invalid user ', ' '],
  ])('%j, then %j up to 1 MB', (start, piece) => {
    const message = (bytes: number): string => `${start}${piece.repeat(Math.ceil(bytes / piece.length))}`
    const [small, large] = [matchSteps(message(SMALL), catalogue), matchSteps(message(SMALL * TIMES), catalogue)]
    expect(large).toBeLessThan(LOOKS * SMALL * TIMES)
    expect(large).toBeLessThanOrEqual(Math.max(small * TIMES, SMALL))
    const { event } = parseLine(`Dec 10 06:55:46 web-1 sshd[7]: ${message(SMALL * TIMES)}`, catalogue, PARAMS)
    expect(event?.message.length).toBe(message(SMALL * TIMES).length)
  })
})
