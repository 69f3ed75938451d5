import type { SilverEvent } from '@logpipe/core/silver'
import { describe, expect, test } from 'vitest'
import { at, event, linesOf, numbered, series } from './event.ts'
import { definition, runLayer, type Row } from './run-layer.ts'

type Context = Readonly<Record<string, readonly object[]>>
const ml = async (events: readonly SilverEvent[], context: Context = {}): Promise<(output: string) => Row[]> => {
  const results = await runLayer('ml', { events, lines: linesOf(events), ...context })
  return (output) => results[output]!.rows
}
const json = (text: unknown): Record<string, unknown> => JSON.parse(text as string) as Record<string, unknown>
const DAY = 86_400

/** So many addresses that each failed once. */
const background = (count: number): SilverEvent[] => series(count, 60, (i) => ({ address: `198.51.100.${i}` }))
const attacker = series(9, 100, (i) => ({ address: '203.0.113.9', user: `user${i}`, user_valid: false }))
const login = (address: string, user: string, seconds: number) => event({ address, user, time: at(seconds), attempt: 'auth_accepted', outcome: 'success' })

/** Known addresses that failed so often each. */
const knownFailures = (...counts: number[]): object[] => counts.map((value) => ({ feature: 'failures', value, entities: 1 }))

describe('the score', () => {
  const odd = series(5, 700, (i) => ({ address: '203.0.113.9', user: `user${i}`, time: at(i * i * 5000), user_valid: false }))
  const scoreOf = (rows: Row[], entity: string): Row => rows.find((row) => row.entity === entity)!
  const quietModel = ['failures', 'failure_share', 'failed_users', 'invalid_user_share', 'failures_10min_max', 'failing_hours', 'regularity', 'score'].map((feature) => ({ feature, value: 0, entities: 99 }))

  test('counts the addresses that the model knows', async () => {
    const [row] = (await ml(odd, { known_values: quietModel }))('anomalies')
    // One of a hundred in every feature.
    expect(row).toMatchObject({ score: expect.closeTo(7 * Math.log(100), 5) as number, why: expect.stringContaining('more than 99.0 % of addresses seen') as string })
  })

  test('flags by what the model knows, in the very first file that has one address', async () => {
    expect((await ml(odd))('anomalies')[0]).toMatchObject({ flagged: false })
    expect((await ml(odd, { known_values: quietModel }))('anomalies')[0]).toMatchObject({ flagged: true, agreement: 'model' })
  })

  test('what is usual elsewhere counts for less here', async () => {
    const alone = scoreOf((await ml(numbered([...background(30), ...odd])))('anomalies'), '203.0.113.9')
    const usual = scoreOf((await ml(numbered([...background(30), ...odd]), { known_values: knownFailures(9, 9, 9, 9, 9, 9) }))('anomalies'), '203.0.113.9')
    expect(Number(usual.score)).toBeLessThan(Number(alone.score))
  })

  test('values are compared by three digits', async () => {
    const times = (address: string, repeat: number) => event({ address, repeat })
    const [first, second, third] = [times('203.0.113.1', 12_340), times('203.0.113.2', 12_399), times('203.0.113.3', 12_400)]
    const rows = (await ml(numbered([first, second, third])))('anomalies')
    const tail = (entity: string): unknown => json(`{"list":${scoreOf(rows, entity).contributions as string}}`)
    expect(tail('203.0.113.1')).toMatchObject({ list: expect.arrayContaining([expect.objectContaining({ feature: 'failures', value: 12_340, tail_probability: 1 })]) as object })
    expect(tail('203.0.113.3')).toMatchObject({ list: expect.arrayContaining([expect.objectContaining({ feature: 'failures', tail_probability: 0.333333 })]) as object })
  })
})

describe('what counts in the score', () => {
  const from = { address: '203.0.113.9' }
  const connections = (count: number) => series(count, 3000, (i) => ({ ...from, attempt: null, event: 'bad_protocol', pid: 100 + i }))
  const scoreOf = async (events: readonly SilverEvent[]): Promise<number> =>
    Number((await ml(numbered([...background(30), ...events])))('anomalies').find(({ entity }) => entity === from.address)?.['score'])

  test('four failures are free, and three more with each login that was accepted', async () => {
    const guesses = (count: number) => series(count, 50, () => from)
    expect(await scoreOf(guesses(4))).toBe(0)
    expect(await scoreOf(guesses(5))).toBeGreaterThan(0)
    expect(await scoreOf([...guesses(7), login(from.address, 'alice', 40_000)])).toBe(0)
    expect(await scoreOf([...guesses(8), login(from.address, 'alice', 40_000)])).toBeGreaterThan(0)
  })

  test('keys of a user who exists are free: an agent offers all it has', async () => {
    const keys = (over: object) => series(12, 50, () => ({ ...from, method: 'publickey', ...over }))
    expect(await scoreOf(keys({ user_valid: true }))).toBe(0)
    expect(await scoreOf(keys({ user_valid: false }))).toBeGreaterThan(0)
  })

  test('so are four connections that went wrong without a try', async () => {
    expect(await scoreOf(connections(4))).toBe(0)
    expect(await scoreOf(connections(5))).toBeCloseTo(Math.log(31), 5)
  })
})

describe('the threshold', () => {
  const known = (scores: Record<string, number>): object[] => Object.entries(scores).map(([value, entities]) => ({ feature: 'score', value: Number(value), entities }))
  const thresholdOf = async (scores: Record<string, number>) => json((await ml([], { known_values: known(scores) }))('model')[0]!.threshold)

  test('lies at the fence of all scores', async () => {
    // 0 … 100 once each: quartiles 25 and 75.
    const scores = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, 1]))
    expect(await thresholdOf(scores)).toMatchObject({ entities: 101, first_quartile: 25, third_quartile: 75, value: 150 })
  })

  test('takes quartiles between two values, weighted by how often each was seen', async () => {
    // In order 0 ×10, 1 ×11, 2: places 5.25 and 15.75 of 0 … 21.
    expect(await thresholdOf({ 0: 6, 4: 12, 40: 4 })).toMatchObject({ entities: 22, first_quartile: 1, third_quartile: 4 })
  })

  test('is never below the floor, and there is none in warm-up', async () => {
    expect(await thresholdOf({ 1: 20 })).toMatchObject({ value: 6 })
    expect(await thresholdOf({ 1: 19 })).toMatchObject({ value: null })
  })
})

describe('the part', () => {
  test('holds how many addresses have each value', async () => {
    const rows = (await ml(numbered([...background(2), ...series(5, 200, () => ({ address: '203.0.113.9' }))])))('model_values')
    expect(rows.filter(({ feature }) => feature === 'failures')).toEqual([
      { feature: 'failures', value: 0, entities: 2 },
      { feature: 'failures', value: 5, entities: 1 },
    ])
    expect(rows.filter(({ feature }) => feature === 'score').map(({ entities }) => Number(entities)).reduce((a, b) => a + b)).toBe(3)
  })

  test('leaves flagged addresses out', async () => {
    const part = await ml(numbered([...background(2), ...attacker, login('203.0.113.9', 'root', 2000), login('192.0.2.50', 'alice', 3000)]))
    expect(part('anomalies')[0]).toMatchObject({ entity: '203.0.113.9', flagged: true })
    expect(part('model')[0]).toMatchObject({ entities: 3 })
    expect(part('model_values').filter(({ feature }) => feature === 'failures').map(({ value }) => value)).toEqual([0])
    expect(part('model_logins').map(({ user_name }) => user_name)).toEqual(['alice'])
  })

  test('holds who logged in from where, from which day to which, and at which hours', async () => {
    const part = await ml(numbered([login('192.0.2.50', 'alice', 3600), login('192.0.2.50', 'alice', DAY + 3700), login('192.0.2.51', 'alice', 5 * 3600), event()]))
    expect(part('model_logins')).toEqual([
      { user_name: 'alice', address: '192.0.2.50', first_day: '2025-03-03', last_day: '2025-03-04', logins: 2 },
      { user_name: 'alice', address: '192.0.2.51', first_day: '2025-03-03', last_day: '2025-03-03', logins: 1 },
    ])
    expect(part('model_hours')).toEqual([
      { user_name: 'alice', hour: 1, logins: 2 },
      { user_name: 'alice', hour: 5, logins: 1 },
    ])
  })

  test('does not depend on what the model knows, but for who is flagged and the scores', async () => {
    const events = numbered([...background(5), login('192.0.2.50', 'alice', 0)])
    const [first, again] = [await ml(events), await ml(events, { known_values: knownFailures(1, 2, 3), known_logins: [{ user_name: 'bob', address: '192.0.2.1', first_day: '2025-01-01', last_day: '2025-01-01', logins: 1 }] })]
    for (const output of ['model_logins', 'model_hours']) expect(again(output)).toEqual(first(output))
    expect(again('model_values').filter(({ feature }) => feature !== 'score')).toEqual(first('model_values').filter(({ feature }) => feature !== 'score'))
  })
})

describe('drift', () => {
  const driftOf = async (known: object[]) => json((await ml(series(4, 60, (i) => ({ address: `198.51.100.${i}`, repeat: 5, method: 'publickey', user_valid: false })), { known_values: known }))('metrics')[0]!.drift)

  test('is the largest distance of the distributions', async () => {
    expect(await driftOf(knownFailures(5, 5, 5, 5))).toMatchObject({ failures: 0 })
    expect(await driftOf(knownFailures(5, 6, 7, 8))).toMatchObject({ failures: 0.75 })
    expect(await driftOf(knownFailures(9))).toMatchObject({ failures: 1 })
  })

  test('is null where the model knows nothing', async () => {
    expect(await driftOf([])).toMatchObject({ failures: null, regularity: null })
  })
})

describe('the carry', () => {
  test('numbers lines from the end of the file, which may hold other lines', async () => {
    const events = numbered([event({ message: 'a' }), event({ message: 'b' })])
    const lines = [...linesOf(events), { source: 'bronze/sshd.log', line_no: 3, byte_offset: 0, byte_length: 1, raw: '', flags: '' }]
    const carry = (await ml(events, { lines }))('carry')
    expect(carry).toMatchObject([{ line_no: -2, raw: 'a', failed: 1, user_name: 'root' }, { line_no: -1, raw: 'b' }])
  })

  test('leaves out what is older than the longest window', async () => {
    const events = numbered([event({ message: 'old' }), event({ message: 'edge', time: at(1) }), event({ message: 'last', time: at(DAY + 1) })])
    expect((await ml(events))('carry').map(({ raw }) => raw)).toEqual(['edge', 'last'])
  })

  test('no detection looks back further', () => {
    for (const { id, parameters } of definition.detections) {
      if ('window_s' in parameters) expect(parameters.window_s, id).toBeLessThanOrEqual(definition.settings['carry_seconds']!)
    }
  })
})

test('no events and no history give an empty, valid part', async () => {
  const part = await ml([])
  expect(part('model')).toMatchObject([{ schema_version: 2, entities: 0, lineage: '[]' }])
  for (const output of ['model_values', 'model_logins', 'model_hours', 'carry', 'anomalies']) expect(part(output)).toEqual([])
})

test('an attacker who tries a little more in every file does not become usual: what is flagged is never learnt', async () => {
  const known = new Map<string, { feature: string; value: number; entities: number }>()
  const people = Array.from({ length: 25 }, (_, i) => [
    event({ address: `198.18.${i}.1`, user: `person${i}`, time: at(3600 + i * 60) }),
    login(`198.18.${i}.1`, `person${i}`, 3610 + i * 60),
  ]).flat()
  const flagged: boolean[] = []
  for (let file = 1; file <= 6; file += 1) {
    const ramp = series(file, 7300, (i) => ({ address: '203.0.113.9', user: `user${i}`, user_valid: false }))
    const part = await ml(numbered([...people, ...ramp]), { known_values: [...known.values()] })
    flagged.push(part('anomalies').some(({ entity, flagged: is }) => entity === '203.0.113.9' && is === true))
    for (const { feature, value, entities } of part('model_values') as { feature: string; value: number; entities: number }[]) {
      known.set(`${feature} ${value}`, { feature, value, entities: entities + (known.get(`${feature} ${value}`)?.entities ?? 0) })
    }
  }
  const learnt = [...known.values()].filter(({ feature }) => feature === 'failed_users').map(({ value }) => value)
  expect(flagged).toEqual([false, false, false, true, true, true]) // with the fourth try, and from then on always
  expect(Math.max(...learnt)).toBeLessThan(4)
}, 120_000)
