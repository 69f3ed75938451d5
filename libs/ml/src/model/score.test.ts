import type { SilverEvent } from '@logpipe/core/silver'
import { createInput, definition, select, withDuckDb } from '@logpipe/definition/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FEATURES } from '../../test/models.ts'
import type { Model, ValueRow } from './document.ts'
import { featuresOf } from './features.ts'
import { cutValue, Scorer } from './score.ts'

const START = Date.parse('2026-03-01T00:00:00Z')

const anyEvent: fc.Arbitrary<SilverEvent> = fc
  .record({
    second: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 20 }).map((n) => n * 3000)),
    micros: fc.constantFrom('', '.5', '.123456'),
    host: fc.constantFrom('web-1', null),
    address: fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.7', '2001:db8::1', null),
    attempt: fc.constantFrom('auth_failed', 'auth_failed', 'auth_failed', 'auth_accepted', null),
    user: fc.constantFrom('root', 'alice', 'bob', null),
    valid: fc.constantFrom(true, false, null),
    repeat: fc.constantFrom(1, 1, 1, 2, 1234),
    method: fc.constantFrom('password', 'publickey', null),
    pid: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, null),
    outcome: fc.constantFrom('failure', 'failure', 'none'),
  })
  .map(({ second, micros, host, address, attempt, user, valid, repeat, method, pid, outcome }): SilverEvent => ({
    line_no: 1, time: new Date(START + second * 1000).toISOString().replace('.000Z', `${micros}Z`), year_inferred: false, host, program: 'sshd', pid,
    event: 'login_failed', outcome, attempt, user, user_valid: valid, address, address_raw: address ?? 'unknown.example.org', address_from: 'line',
    user_from: 'line', rhost: null, port: 1, method, fingerprint: null, protocol: 'ssh2', reason: null, session: null, repeat, template_id: null,
    template: '', message: '',
  }))
const anyEvents = fc.array(anyEvent, { minLength: 1, maxLength: 40 }).map((events) => events.map((event, i) => ({ ...event, line_no: i + 1 })))

const anyKnown: fc.Arbitrary<ValueRow[]> = fc.uniqueArray(
  fc.record({ feature: fc.constantFrom(...FEATURES, 'score'), value: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 1e6)).map(cutValue), entities: fc.integer({ min: 1, max: 50 }) }),
  { selector: ({ feature, value }) => `${feature} ${value}`, maxLength: 30 },
)

const modelOf = (values: readonly ValueRow[]): Model => ({
  head: {
    schema_version: 2, method: 'ecdf_right_tail', features: FEATURES, entities: 0, lineage: [], tables: [],
    threshold: { rule: '', warmup_entities: definition.settings['warmup_entities']!, fence: definition.settings['fence']!, floor: definition.settings['score_floor']!, entities: 0, first_quartile: null, third_quartile: null, value: null },
  },
  values, logins: [], hours: [],
})

interface Row { host: string; address: string; feature: string; value: number; points: number; score: number; by_model: boolean }

/** The pipeline's own SQL on DuckDB: features, what each adds, and whom the threshold flags. */
const bySql = (events: readonly SilverEvent[], known: readonly ValueRow[]): Promise<Row[]> =>
  withDuckDb(async (connection) => {
    const layer = definition.layers.find(({ name }) => name === 'ml')!
    for (const input of layer.inputs) {
      const rows: Record<string, readonly object[]> = { events, known_values: known }
      await createInput(connection, definition.schemas.get(input)!, rows[input] ?? [])
    }
    for (const view of layer.views) await connection.run(`CREATE TEMP ${view.materialized ? 'TABLE' : 'VIEW'} ${view.name} AS ${definition.sql.get(view.sql)!}`)
    const sql = `SELECT c.host, c.address, c.feature, CAST(c.value AS DOUBLE) AS value, CAST(c.points AS DOUBLE) AS points, CAST(s.score AS DOUBLE) AS score,
      coalesce(s.score > t.threshold, false) AS by_model
      FROM contributions c JOIN scores s ON s.host = c.host AND s.address = c.address CROSS JOIN score_threshold t`
    return (await select(connection, sql)).rows as unknown as Row[]
  })

/** Right tail of the empirical distribution the plain way: every entity of the pool written out, and counted. */
function plainPoints(pool: readonly number[], value: number): number {
  return -Math.log(pool.filter((other) => other >= value).length / pool.length)
}

describe('scores from the artifact', () => {
  test('are those of the SQL to 1e-9, feature by feature, and so are the flags', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, anyKnown, async (events, known) => {
        const rows = await bySql(events, known)
        const scored = new Scorer(modelOf(known)).scoreEvents(events)
        expect(scored.length * FEATURES.length).toBe(rows.length)
        for (const row of rows) {
          const mine = scored.find(({ host, address }) => host === row.host && address === row.address)!
          const contribution = mine.contributions.find(({ feature }) => feature === row.feature)!
          expect(contribution.value).toBe(row.value)
          expect(Math.abs(contribution.points - row.points)).toBeLessThan(1e-9)
          expect(Math.abs(mine.score - row.score)).toBeLessThan(1e-6)
          expect(mine.flagged).toBe(row.by_model)
        }
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('are those of a plain count over every entity', () => {
    fc.assert(
      fc.property(anyEvents, anyKnown, (events, known) => {
        const batch = featuresOf(events)
        const scored = new Scorer(modelOf(known)).score(batch)
        for (const [i, { contributions, score }] of scored.entries()) {
          const plain = FEATURES.map((feature) => {
            const earlier = known.filter((row) => row.feature === feature).flatMap(({ value, entities }) => Array<number>(entities).fill(value))
            const pool = [...earlier, ...batch.map(({ values }) => cutValue(values[feature]!))]
            return plainPoints(pool, cutValue(batch[i]!.values[feature]!))
          })
          plain.forEach((points, k) => expect(Math.abs(points - contributions[k]!.points)).toBeLessThan(1e-9))
          expect(Math.abs(score - plain.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9)
        }
      }),
    )
  })

  test('of a single line: the rarest of all has the share of one in a hundred', () => {
    const known = FEATURES.map((feature) => ({ feature, value: 0, entities: 99 }))
    const [one] = new Scorer(modelOf(known)).score([{ host: 'web-1', address: '192.0.2.1', values: { failures: 3 } }])
    expect(one?.contributions.find(({ feature }) => feature === 'failures')).toEqual({ feature: 'failures', value: 3, tail: 0.01, points: -Math.log(0.01) })
    expect(one?.contributions.find(({ feature }) => feature === 'regularity')).toMatchObject({ tail: 1, points: 0 })
  })
})

test.each([[0, 0], [0.7142857, 0.714], [0.000123, 0.000123], [12_345, 12_300], [999.9, 999], [7, 7]])('%d is cut to %d', (value, cut) => {
  expect(cutValue(value)).toBe(cut)
})
