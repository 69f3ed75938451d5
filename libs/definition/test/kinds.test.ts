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

/** The compiled SELECTs, run in order after the views they read. */
async function hitsOf(connection: DuckDBConnection, detections: readonly Detection[]): ReturnType<typeof select> {
  const sql = new Map([...definition.sql, ...compileDetections(detections)])
  for (const name of ['known_logins', 'known_hours', 'carried']) await createInput(connection, definition.schemas.get(name)!, [])
  const { views } = definition.layers.find((layer) => layer.name === 'gold')!
  for (const view of views.slice(0, views.findIndex(({ name }) => name === 'detection_hits'))) {
    await connection.run(`CREATE TEMP TABLE ${view.name} AS ${sql.get(view.sql)!}`)
  }
  return select(connection, sql.get('detections.sql')!)
}

/** Rows of one detection over literal events. */
const hits = (detection: object, events: readonly SilverEvent[]): Promise<Row[]> =>
  withDuckDb(async (connection) => {
    await createInput(connection, definition.schemas.get('events')!, events)
    return (await hitsOf(connection, [Detection.parse({ ...common, ...detection })])).rows
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

test('without any detection the relation is there and empty', async () => {
  await withDuckDb(async (connection) => {
    await createInput(connection, definition.schemas.get('events')!, [event()])
    const { rows, types } = await hitsOf(connection, [])
    expect(rows).toEqual([])
    expect(Object.keys(types)).toContain('last_line')
  })
})
