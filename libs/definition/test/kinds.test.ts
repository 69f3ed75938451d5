import type { SilverEvent } from '@logpipe/core/silver'
import type { DuckDBConnection } from '@duckdb/node-api'
import { compileDetections, Detection } from '@logpipe/core/detections'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at, event, numbered, series } from './event.ts'
import { createInput, definition, select, withDuckDb, type Row } from './run-layer.ts'

const common = {
  id: 'probe', title: 'A title with an apostrophe: it\'s', technique: 'T1110', severity: 'medium', entity: 'address', text: 'text',
  where: { attempt: ['auth_failed'] }, samples: { firing: [{}], quiet: [{}] },
}

/** Rows of known_logins, known_hours and carried. */
type Context = Readonly<Record<string, readonly object[]>>

/** The compiled SELECTs, run in order after the views they read. */
async function hitsOf(connection: DuckDBConnection, detections: readonly Detection[], context: Context = {}): ReturnType<typeof select> {
  const sql = new Map([...definition.sql, ...compileDetections(detections)])
  for (const name of ['known_logins', 'known_hours', 'carried']) await createInput(connection, definition.schemas.get(name)!, context[name] ?? [])
  const { views } = definition.layers.find((layer) => layer.name === 'gold')!
  for (const view of views.slice(0, views.findIndex(({ name }) => name === 'detection_hits'))) {
    await connection.run(`CREATE TEMP TABLE ${view.name} AS ${sql.get(view.sql)!}`)
  }
  return select(connection, sql.get('detections.sql')!)
}

/** Rows of one detection over literal events. */
const hits = (detection: object, events: readonly SilverEvent[], context: Context = {}): Promise<Row[]> =>
  withDuckDb(async (connection) => {
    await createInput(connection, definition.schemas.get('events')!, events)
    return (await hitsOf(connection, [Detection.parse(JSON.parse(JSON.stringify({ ...common, ...detection })))], context)).rows
  })

describe('an address at many hosts', () => {
  const sweep = { kind: 'distinct', parameters: { field: 'host', threshold: 3, window_s: 3600 } }
  const at3 = (hosts: number, every: number) => numbered(series(hosts, every, (i) => ({ host: `srv-${i}.example.org` })))

  test('is named once, at the host where most had been tried', async () => {
    expect(await hits(sweep, at3(9, 10))).toMatchObject([{ host: 'srv-8.example.org', entity: '192.0.2.7', observed: 9, fired_line: 9 }])
    expect(await hits(sweep, at3(2, 10))).toEqual([])
    expect(await hits(sweep, at3(3, 1801))).toEqual([])
  })

  test('other addresses are others, and a host counts once', async () => {
    const events = numbered(series(8, 10, (i) => ({ host: `srv-${i % 2}.example.org` })).concat(series(4, 10, (i) => ({ host: `srv-${i}.example.org`, address: `192.0.2.${i}` }))))
    expect(await hits(sweep, events)).toEqual([])
  })
})

test('a name that the host does not know is told from one that it knows', async () => {
  const known = { kind: 'threshold', where: { attempt: ['auth_failed'], user_valid: ['true'] }, parameters: { threshold: 2, window_s: 100 } }
  const tries = (user_valid: boolean | null) => numbered(series(2, 10, () => ({ user_valid })))
  expect([await hits(known, tries(true)), await hits(known, tries(null)), await hits(known, tries(false))].map((found) => found.length)).toEqual([1, 1, 0])
})

describe('threshold', () => {
  const three = { kind: 'threshold', parameters: { threshold: 3, window_s: 100 } }

  test('the window is closed at both ends', async () => {
    expect(await hits(three, numbered(series(3, 50)))).toMatchObject([{ observed: 3, first_line: 1, last_line: 3 }])
    expect(await hits(three, numbered(series(3, 51)))).toEqual([])
  })

  test('a repeated message alone may reach it', async () => {
    expect(await hits(three, [event({ repeat: 3 })])).toMatchObject([{ observed: 3, first_line: 1, last_line: 1 }])
  })

  test('entities and hosts do not add up', async () => {
    const events = [event(), event({ address: '192.0.2.8' }), event({ host: 'db-1.example.org' })]
    expect(await hits(three, numbered(events))).toEqual([])
  })

  test('of equal windows the one that ends first is told', async () => {
    const events = numbered([...series(3, 1), ...series(3, 1, (i) => ({ time: at(5000 + i) }))])
    expect(await hits(three, events)).toMatchObject([{ first_line: 1, last_line: 3 }])
  })

  test('it may count for a user over all addresses', async () => {
    const events = numbered(series(3, 1, (i) => ({ address: `192.0.2.${i}` })))
    expect(await hits({ ...three, entity: 'user' }, events)).toMatchObject([{ entity_kind: 'user', entity: 'root', observed: 3 }])
  })

  test('an apostrophe in its title survives', async () => {
    expect(await hits(three, numbered(series(3, 1)))).toMatchObject([{ title: common.title }])
  })
})

describe('distinct', () => {
  /** The most different users in any window of `windowS` seconds, the slow way. */
  const slowest = (tries: readonly { second: number; user: string }[], windowS: number): number =>
    Math.max(0, ...tries.map((end) => new Set(tries.filter((one) => one.second <= end.second && one.second >= end.second - windowS).map((one) => one.user)).size))

  test('counts what a window really holds', async () => {
    const tries = fc.array(fc.record({ second: fc.integer({ min: 0, max: 60 }), user: fc.constantFrom('a', 'b', 'c', 'd') }), { minLength: 1, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(tries, fc.integer({ min: 1, max: 30 }), async (list, windowS) => {
        const events = numbered(list.map(({ second, user }) => event({ time: at(second), user })))
        const rows = await hits({ kind: 'distinct', parameters: { field: 'user_name', threshold: 1, window_s: windowS } }, events)
        expect(rows).toMatchObject([{ observed: slowest(list, windowS) }])
      }),
      { numRuns: 25 },
    )
  })
})

describe('sequence', () => {
  const then = { kind: 'sequence', then: { attempt: ['auth_accepted'] }, parameters: { threshold: 2, window_s: 100 } }
  const accepted = (seconds: number) => event({ time: at(seconds), attempt: 'auth_accepted', outcome: 'success' })

  test('failures then a success', async () => {
    expect(await hits(then, numbered([...series(2, 1), accepted(50)]))).toMatchObject([{ observed: 2, first_line: 1, last_line: 3 }])
  })

  test('a success before the failures is none', async () => {
    expect(await hits(then, numbered([accepted(0), ...series(2, 1, (i) => ({ time: at(10 + i) }))]))).toEqual([])
  })

  test('failures longer ago than the window are forgotten', async () => {
    expect(await hits(then, numbered([...series(2, 1), accepted(101)]))).toEqual([])
  })
})

describe('regular', () => {
  const regular = { kind: 'regular', unless: { attempt: ['auth_accepted'] }, parameters: { threshold: 4, min_interval_s: 600, max_spread: 0.2 } }

  test('equal long gaps fire, and short ones do not', async () => {
    expect(await hits(regular, numbered(series(4, 600)))).toMatchObject([{ observed: 4 }])
    expect(await hits(regular, numbered(series(4, 599)))).toEqual([])
  })

  test('gaps that differ much are not regular', async () => {
    const events = [0, 700, 2700, 3400, 9000].map((seconds) => event({ time: at(seconds) }))
    expect(await hits(regular, numbered(events))).toEqual([])
  })

  test('an accepted login cancels it', async () => {
    const accepted = event({ time: at(9000), attempt: 'auth_accepted', outcome: 'success' })
    expect(await hits(regular, numbered([...series(5, 600), accepted]))).toEqual([])
  })
})

describe('a quiet share', () => {
  const guarded = { kind: 'threshold', parameters: { threshold: 3, window_s: 100, quiet_share: 0.5 } }
  const accepted = (seconds: number) => event({ time: at(seconds), attempt: 'auth_accepted', outcome: 'success' })

  test('accepted logins of the hour before outweigh failures, a smaller share does not', async () => {
    expect(await hits(guarded, numbered([accepted(0), ...series(3, 1, (i) => ({ time: at(60 + i) }))]))).toMatchObject([{ observed: 3 }])
    expect(await hits(guarded, numbered([accepted(0), accepted(1), ...series(3, 1, (i) => ({ time: at(60 + i) }))]))).toEqual([])
    expect(await hits(guarded, numbered([accepted(0), accepted(1), ...series(3, 1, (i) => ({ time: at(3700 + i) }))]))).toMatchObject([{ observed: 3 }])
  })

  test('logins after the failures excuse nothing', async () => {
    expect(await hits(guarded, numbered([...series(3, 1), ...[10, 11, 12].map(accepted)]))).toMatchObject([{ observed: 3, last_line: 3 }])
  })

  /** The slow way. */
  const strongest = (tries: readonly { second: number; ok: boolean }[], windowS: number): number => {
    const within = (end: number, seconds: number, ok: boolean) => tries.filter((one) => one.ok === ok && one.second <= end && one.second >= end - seconds).length
    return Math.max(0, ...tries.filter(({ ok }) => !ok).map(({ second }) => {
      const failures = within(second, windowS, false)
      return failures >= 3 && within(second, 3600, true) < 0.5 * failures ? failures : 0
    }))
  }

  test('as an independent count has it', async () => {
    const tries = fc.array(fc.record({ second: fc.integer({ min: 0, max: 5000 }), ok: fc.boolean() }), { minLength: 3, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(tries, fc.integer({ min: 100, max: 3600 }), async (list, windowS) => {
        const events = numbered(list.map(({ second, ok }) => (ok ? accepted(second) : event({ time: at(second) }))))
        const rows = await hits({ kind: 'threshold', parameters: { threshold: 3, window_s: windowS, quiet_share: 0.5 } }, events)
        const expected = strongest(list, windowS)
        expect(rows.map(({ observed }) => observed)).toEqual(expected === 0 ? [] : [expected])
      }),
      { numRuns: 25 },
    )
  })
})

test('detections on the same rows give what each gives alone', async () => {
  const tries = fc.array(fc.record({ second: fc.integer({ min: 0, max: 900 }), address: fc.constantFrom('192.0.2.7', '192.0.2.8') }), { minLength: 1, maxLength: 25 })
  const [short, long] = [60, 600].map((windowS) => ({ ...common, id: `window_${windowS}`, kind: 'threshold', parameters: { threshold: 3, window_s: windowS, quiet_share: 0.5 } }))
  await fc.assert(
    fc.asyncProperty(tries, async (list) => {
      const events = numbered(list.map(({ second, address }) => event({ time: at(second), address })))
      const apart = [...(await hits(short!, events)), ...(await hits(long!, events))]
      const together = await withDuckDb(async (connection) => {
        await createInput(connection, definition.schemas.get('events')!, events)
        return (await hitsOf(connection, [Detection.parse(short), Detection.parse(long)])).rows
      })
      const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort()
      expect(sorted(together)).toEqual(sorted(apart))
    }),
    { numRuns: 15 },
  )
})

describe('subnet', () => {
  const three = { kind: 'distinct', entity: 'subnet', parameters: { field: 'address', threshold: 3, window_s: 100 } }

  test.each([
    ['192.0.2.0/24', ['192.0.2.1', '192.0.2.2', '192.0.2.255']],
    ['2001:db8:0:7::/64', ['2001:db8:0:7::1', '2001:db8:0:7:a:b:c:d', '2001:db8:0:7:1::']],
    ['2001:db8::/64', ['2001:db8::1', '2001:db8::', '2001:db8::1:0:0:2']],
    ['::/64', ['::1', '::', '::2:3']],
  ])('%s is one network', async (subnet, addresses) => {
    const events = numbered(addresses.map((address, i) => event({ time: at(i), address })))
    expect(await hits(three, events)).toMatchObject([{ entity_kind: 'subnet', entity: subnet, observed: 3, first_line: 1, last_line: 3 }])
  })

  test('neighbours are others, and names have none', async () => {
    for (const addresses of [['192.0.2.1', '192.0.2.2', '192.0.3.1'], ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1']]) {
      expect(await hits(three, numbered(addresses.map((address) => event({ address }))))).toEqual([])
    }
    expect(await hits(three, numbered(['a', 'b', 'c'].map((name) => event({ address: null, address_raw: `${name}.dyn.example.net` }))))).toEqual([])
  })
})

describe('connections', () => {
  test('lines of one process are one, and lines without a process are one each', async () => {
    const three = { kind: 'threshold', count: 'connections', parameters: { threshold: 3, window_s: 100 } }
    expect(await hits(three, numbered(series(5, 1, (i) => ({ pid: i % 2 }))))).toEqual([])
    expect(await hits(three, numbered(series(5, 1, (i) => ({ pid: i % 3 }))))).toMatchObject([{ observed: 3 }])
    expect(await hits(three, numbered(series(3, 1, () => ({ pid: null }))))).toMatchObject([{ observed: 3 }])
  })
})

describe('the file before', () => {
  const three = { kind: 'threshold', parameters: { threshold: 3, window_s: 100 } }
  const carriedLine = (line_no: number, seconds: number) => ({
    line_no, at_us: Date.parse(at(seconds)) * 1000, host: 'web-1.example.org', address: '192.0.2.7', user_name: 'root', event: 'login_failed', outcome: 'failure',
    attempt: 'auth_failed', method: 'password', pid: 100, tries: 1, failed: 1, accepted: 0, invalid_user: 0, raw: '',
  })

  test('an attack cut in two is found, and says that it began before', async () => {
    const carried = [carriedLine(-1, -20), carriedLine(0, -10)]
    expect(await hits(three, [event()])).toEqual([])
    expect(await hits(three, [event()], { carried })).toMatchObject([{ observed: 3, first_line: -1, last_line: 1, fired_line: 1 }])
  })

  test('what was over before is not told again, and what lies after this file began is left out', async () => {
    expect(await hits(three, [event({ address: '192.0.2.9' })], { carried: [-2, -1, 0].map((line) => carriedLine(line, -10)) })).toEqual([])
    expect(await hits(three, [event()], { carried: [carriedLine(-1, 5), carriedLine(0, 5)] })).toEqual([])
  })
})

describe('history', () => {
  const login = (change: Partial<SilverEvent> = {}) => event({ attempt: 'auth_accepted', outcome: 'success', event: 'login_accepted', user: 'alice', ...change })
  const known_logins = [{ user_name: 'alice', address: '192.0.2.7', first_day: '2025-02-01', last_day: '2025-03-01', logins: 20 }]
  const seen = { kind: 'first_seen', entity: 'user', where: undefined, parameters: { threshold: 20, min_days: 5, max_share: 0.2 } }
  const hour = { kind: 'unusual_hour', entity: 'user', where: undefined, parameters: { threshold: 10, hours_off: 4, chance: 0.001 } }

  test('a login from a network that the history does not know', async () => {
    const events = [login({ address: '198.51.100.4' })]
    expect(await hits(seen, events, { known_logins })).toMatchObject([{ entity_kind: 'user', entity: 'alice', observed: 20 }])
    expect(await hits(seen, events, { known_logins: [{ ...known_logins[0], logins: 19 }] })).toEqual([])
    expect(await hits(seen, [login({ address: '192.0.2.200' })], { known_logins })).toEqual([])
    expect(await hits(seen, [login({ address: '198.51.100.4', user: 'bob' })], { known_logins })).toEqual([])
  })

  test('who is always somewhere else is no news', async () => {
    const roaming = [1, 2, 3, 4, 5].map((i) => ({ ...known_logins[0], address: `2001:db8:0:${i}::7`, logins: 4 }))
    expect(await hits(seen, [login()], { known_logins: roaming.slice(1).concat({ ...roaming[0]!, logins: 9 }) })).toMatchObject([{ observed: 25 }])
    expect(await hits(seen, [login()], { known_logins: [...roaming, { ...roaming[0]!, address: '198.51.100.1', logins: 4 }] })).toEqual([])
  })

  test('a login hours off all that the history knows, round midnight too', async () => {
    const known_hours = [{ user_name: 'alice', hour: 22, logins: 30 }]
    const atHour = (value: number) => [login({ time: at(value * 3600) })]
    expect(await hits(hour, atHour(2), { known_hours })).toMatchObject([{ entity: 'alice', observed: 30 }])
    expect(await hits(hour, atHour(1), { known_hours })).toEqual([])
    expect(await hits(hour, atHour(18), { known_hours })).toMatchObject([{ observed: 30 }])
    expect(await hits(hour, atHour(19), { known_hours })).toEqual([])
  })

  test('the wider the gap, the fewer logins tell that it is none by chance', async () => {
    const found = async (offHours: number, logins: number) =>
      (await hits(hour, [login({ time: at(offHours * 3600) })], { known_hours: [{ user_name: 'alice', hour: 0, logins }] })).length
    expect([await found(4, 29), await found(4, 30)]).toEqual([0, 1])
    expect([await found(6, 16), await found(6, 17)]).toEqual([0, 1])
    expect([await found(12, 9), await found(12, 10)]).toEqual([0, 1])
  })
})

test('without any detection the relation is there and empty', async () => {
  await withDuckDb(async (connection) => {
    await createInput(connection, definition.schemas.get('events')!, [event()])
    const { rows, types } = await hitsOf(connection, [])
    expect(rows).toEqual([])
    expect(Object.keys(types)).toContain('last_line')
  })
})
