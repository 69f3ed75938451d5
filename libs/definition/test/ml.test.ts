import type { SilverEvent } from '@logpipe/core/silver'
import { describe, expect, test } from 'vitest'
import { at, event, linesOf, numbered, series } from './event.ts'
import { runLayer, type Row } from './run-layer.ts'

const fromJson = (text: unknown) => JSON.parse(text as string) as Row[string]

const ml = async (events: readonly SilverEvent[]) => {
  const results = await runLayer('ml', { events, lines: linesOf(events) })
  const parsed = (row: Row): Row => ({
    ...row,
    contributions: fromJson(row.contributions),
    detections: fromJson(row.detections),
    evidence: fromJson(row.evidence),
  })
  return { anomalies: results.anomalies!.rows.map(parsed), metrics: results.metrics!.rows[0]! }
}

/** So many addresses that each failed once, each in a network of its own: several of one would be an attack. */
const background = (count: number): SilverEvent[] => series(count, 60, (i) => ({ address: `2001:db8:0:${i}::7`, message: `quiet ${i}` }))
const attacker = series(9, 100, (i) => ({ address: '203.0.113.9', user: `user${i}`, user_valid: false, message: `attack ${i}` }))

describe('anomalies.json', () => {
  test('an attacker comes first, with its sentence, detections and evidence', async () => {
    const { anomalies } = await ml(numbered([...background(5), ...attacker]))
    expect(anomalies[0]).toMatchObject({
      entity_kind: 'address', entity: '203.0.113.9', host: 'web-1.example.org', rank: 1, flagged: true, severity: 'high', agreement: 'detections',
      why: '9 failed logins for 9 users from 203.0.113.9 in 13 minutes, one every 100 seconds; 0 successes; more than 83.3 % of addresses seen; detected: Brute force',
      detections: [{ id: 'brute_force', technique: 'T1110.001', severity: 'high', observed: 7, threshold: 5, first_line: 6, last_line: 12 }],
      evidence: [6, 12, 14].map((line) => ({ line_no: line, raw: `attack ${line - 6}` })),
    })
  })

  test('addresses that are not flagged are listed after, without rank or evidence', async () => {
    const { anomalies } = await ml(numbered([...background(5), ...attacker]))
    expect(anomalies).toHaveLength(6)
    expect(anomalies[5]).toMatchObject({ flagged: false, rank: null, agreement: null, severity: 'info', evidence: [] })
  })

  test('a legitimate login has nothing against it', async () => {
    const login = event({ address: '192.0.2.50', attempt: 'auth_accepted', outcome: 'success', user: 'alice' })
    const { anomalies } = await ml(numbered([...background(30), login]))
    expect(anomalies.find((row) => row.entity === '192.0.2.50')).toMatchObject({ flagged: false, score: 0, why: '1 accepted login as user alice from 192.0.2.50 and none that failed' })
  })

  test('the score alone flags once enough addresses are known, and not before', async () => {
    const odd = series(5, 700, (i) => ({ address: '203.0.113.9', user: `user${i}`, time: at(i * i * 5000), user_valid: false }))
    expect((await ml(numbered([...background(19), ...odd]))).anomalies[0]).toMatchObject({ flagged: true, agreement: 'model', severity: 'medium', detections: [] })
    expect((await ml(numbered([...background(18), ...odd]))).anomalies.some((row) => row.flagged)).toBe(false)
  })

  test('contributions are largest first and their shares add up', async () => {
    const { anomalies } = await ml(numbered([...background(30), ...attacker]))
    const shares = (anomalies[0]!.contributions as unknown as { share: number }[]).map((one) => one.share)
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
  })

  test('the score is the sum of -ln of the tails', async () => {
    const { anomalies } = await ml(numbered([...background(9), ...attacker]))
    // Ten addresses; the attacker alone has the largest value of each feature, but that all ten failed in one hour.
    expect(anomalies[0]!.score).toBeCloseTo(6 * Math.log(10), 6)
  })

  test.each(['"}]', '\\', '\u0001\u001f\t', '</script>', '漢😀', "'; DROP TABLE lines; --"])('hostile text %j stays text', async (text) => {
    const { anomalies } = await ml(numbered(series(5, 1, () => ({ address: null, address_raw: `h${text}`, message: `m${text}` }))))
    expect(anomalies[0]).toMatchObject({ entity: `h${text}`, evidence: [{ line_no: 1, raw: `m${text}` }, { line_no: 5, raw: `m${text}` }] })
  })

  test('a long line is capped in the evidence', async () => {
    const { anomalies } = await ml(numbered(series(5, 1, () => ({ message: 'x'.repeat(10_000) }))))
    expect((anomalies[0]!.evidence as unknown as { raw: string }[])[0]!.raw).toHaveLength(500)
  })
})

test('metrics.json counts the flagged and what fired', async () => {
  const { metrics } = await ml(numbered([...background(5), ...attacker]))
  expect(metrics).toMatchObject({ entities: 6, flagged: 1 })
  expect(fromJson(metrics.detections)).toEqual({ brute_force: 1 })
  expect(fromJson(metrics.by_agreement)).toEqual({ both: 0, model: 0, detections: 1 })
})

describe('what people said', () => {
  const judgement = { kind: 'dismiss', entity_kind: 'address', entity: '203.0.113.9', host: null, id: null, until: '2027-01-01T00:00:00Z', reason: 'pen "test"\n4711', author: 'ann' }
  const first = async (judgements: object[], quiet = 25) => {
    const events = numbered([...background(quiet), ...attacker])
    const results = await runLayer('ml', { events, lines: linesOf(events), judgements })
    const failures = results.model_values!.rows.filter(({ feature, value }) => feature === 'failures' && Number(value) === 9)
    const row = results.anomalies!.rows.find(({ entity }) => entity === '203.0.113.9')!
    const detections = fromJson(row.detections) as unknown as { id: string; dismissed?: boolean }[]
    return { row: { ...row, flagged: row.flagged, judgement: fromJson(row.judgement), detections }, learnt: failures.length > 0, rows: results.anomalies!.rows.length }
  }

  test('a dismissed entity stays in the list, unflagged, with the words beside it; the model does not learn from it', async () => {
    const before = await first([])
    expect(before.row).toMatchObject({ flagged: true, rank: 1, judgement: null })
    const { row, learnt, rows } = await first([judgement])
    expect(row).toMatchObject({ flagged: false, rank: null, severity: 'info', agreement: null, judgement: { kind: 'dismiss', until: '2027-01-01T00:00:00Z', reason: 'pen "test"\n4711', author: 'ann' } })
    expect(row.detections).not.toHaveLength(0)
    expect([learnt, rows]).toEqual([false, before.rows])
  })

  test('from an allowed one it does, and what is allowed wins', async () => {
    const { row, learnt } = await first([judgement, { ...judgement, kind: 'allow', reason: 'ours' }])
    expect([row.flagged, row.judgement, learnt]).toEqual([false, expect.objectContaining({ kind: 'allow', reason: 'ours' }), true])
  })

  test('a judgement counts for its host, its kind and its detection alone', async () => {
    expect((await first([{ ...judgement, host: 'web-2.example.org' }])).row.flagged).toBe(true)
    expect((await first([{ ...judgement, host: 'web-1.example.org' }])).row.flagged).toBe(false)
    expect((await first([{ ...judgement, entity_kind: 'user' }])).row.flagged).toBe(true)
    const ids = (await first([], 5)).row.detections.map(({ id }) => id)
    const all = await first(ids.map((id) => ({ ...judgement, id })), 5) // too few addresses for the score to flag
    expect([all.row.flagged, all.row.judgement]).toEqual([false, null])
    expect(all.row.detections.map(({ id, dismissed }) => [id, dismissed])).toEqual(ids.map((id) => [id, true]))
    expect((await first([{ ...judgement, id: 'spraying_that_was_not' }], 5)).row.flagged).toBe(true)
  })

  const allowed = (entity: string): object => ({ ...judgement, kind: 'allow', entity_kind: 'subnet', entity })

  test.each([
    ['203.0.113.0/24', false], ['203.0.113.9/32', false], ['203.0.113.8/31', false], ['203.0.113.77/25', false], ['192.0.0.0/2', false],
    ['203.0.113.8/32', true], ['203.0.113.10/31', true], ['203.0.112.0/24', true], ['0.0.0.0/1', true], ['cb00:7109::/32', true],
    ['203.0.113.0/x', true], ['203.0.113./24', true], ['office', true],
  ])('what is said of %s holds for the addresses in it: flagged is %s', async (network, flagged) => {
    const { row } = await first([allowed(network)])
    expect([row.flagged, row.judgement === null]).toEqual([flagged, flagged])
  })

  test('of IPv6 and of the smaller networks in it too; where both were said, allowed wins', async () => {
    const guessed = Array.from({ length: 6 }, (_, i) => `2001:db8:7:9::${i + 1}`).flatMap((address) => series(6, 2, () => ({ address })))
    const flaggedWith = async (...judgements: object[]) => {
      const rows = numbered([...background(5), ...guessed])
      const { anomalies } = await runLayer('ml', { events: rows, lines: linesOf(rows), judgements })
      return anomalies!.rows.filter(({ flagged, entity }) => flagged && (entity as string).startsWith('2001:')).map(({ entity }) => entity).sort()
    }
    const six = [1, 2, 3, 4, 5, 6].map((i) => `2001:db8:7:9::${i}`)
    expect(await flaggedWith()).toEqual([...six, '2001:db8:7:9::/64'].sort())
    expect(await flaggedWith(allowed('2001:db8:7::/48'))).toEqual([])
    expect(await flaggedWith(allowed('2001:db8:7:9::/64'))).toEqual([])
    expect(await flaggedWith(allowed('2001:db8:7:9::4/126'))).toEqual([...six.slice(0, 3), '2001:db8:7:9::/64'].sort())
    expect(await flaggedWith(allowed('2001:db8:7:8::/64'))).toHaveLength(7)
  })
})
