import type { Truth } from '@logpipe/loggen'
import { describe, expect, test } from 'vitest'
import type { Finding } from './finding.ts'
import { judge } from './judge.ts'

const ADDRESS = '192.0.2.7'
const minute = (n: number): string => `2025-03-03T01:${String(n).padStart(2, '0')}:00Z`
const row = (fields: Partial<Truth>): Truth => ({
  incident: 'spraying/1', class: 'spraying', attack: true, role: 'subject', kind: 'address', entity: ADDRESS, host: 'web-1', start: minute(10), end: minute(20),
  first_line: 1, last_line: 9, attempts: 9, failures: 9, successes: 0, cut: false, ...fields,
})
const benign = (fields: Partial<Truth>): Truth => row({ incident: 'office/1', class: 'office', attack: false, ...fields })
const finding = (atMinute: number, fields: Partial<Finding> = {}): Finding => {
  const atMs = Date.parse(minute(atMinute))
  return { kind: 'address', entity: ADDRESS, host: 'web-1', hits: [{ rule: 'brute_force', atMs, fromMs: atMs }], ...fields }
}
const judged = (truth: Truth[], findings: Finding[], credited: Truth['role'][] = ['subject']) => judge(truth, { findings, scores: null }, credited)
const outcome = (truth: Truth[], findings: Finding[], credited?: Truth['role'][]) => {
  const { incidents, findings: seen } = judged(truth, findings, credited)
  return { found: incidents.map(({ foundAfterS }) => foundAfterS), verdicts: seen?.map(({ verdict }) => verdict) }
}

describe('an attack', () => {
  test('is found by a hit on its subject, after the time since its first line', () => {
    expect(outcome([row({})], [finding(13)])).toEqual({ found: [180], verdicts: ['right'] })
  })

  test('is found by the first of several hits', () => {
    const late = finding(15)
    expect(outcome([row({})], [{ ...late, hits: [...late.hits, ...finding(12).hits] }])).toMatchObject({ found: [120] })
  })

  test('is missed without a finding, and by one on another host, of another kind, or of another time', () => {
    const others = [finding(13, { host: 'web-2' }), finding(13, { kind: 'user' }), finding(9), finding(21)]
    expect(outcome([row({})], [])).toEqual({ found: [null], verdicts: [] })
    expect(outcome([row({})], others)).toEqual({ found: [null], verdicts: ['neither', 'neither', 'neither', 'neither'] })
  })

  test('is found whatever the host, where the judge knows none', () => {
    expect(outcome([row({})], [finding(13, { host: null })])).toMatchObject({ found: [180] })
  })

  test('is found in its last second', () => {
    expect(outcome([row({})], [finding(20)])).toMatchObject({ found: [600] })
  })

  test('of many is found by one of them only where members are credited; naming one is right either way', () => {
    const truth = [row({ kind: 'user', entity: 'root' }), row({ role: 'member' })]
    expect(outcome(truth, [finding(13)])).toEqual({ found: [null], verdicts: ['right'] })
    expect(outcome(truth, [finding(13)], ['subject', 'member'])).toEqual({ found: [180], verdicts: ['right'] })
  })

  test('naming its target is neither right nor wrong', () => {
    expect(outcome([row({}), row({ role: 'target', kind: 'user', entity: 'root' })], [finding(13, { kind: 'user', entity: 'root' })])).toEqual({ found: [null], verdicts: ['neither'] })
  })
})

test('an attack that the log\'s end cuts short is not judged; naming who began it is right', () => {
  expect(outcome([row({}), row({ kind: 'user', entity: 'root', role: 'target', cut: true })], [finding(13)])).toEqual({ found: [], verdicts: ['right'] })
})

test('naming an account that is attacked while its owner does no harm is neither right nor wrong', () => {
  const [attacked, owner] = [row({ kind: 'user', entity: 'backup', role: 'target' }), benign({ kind: 'user', entity: 'backup' })]
  expect(outcome([attacked, owner], [finding(13, { kind: 'user', entity: 'backup' })])).toMatchObject({ verdicts: ['neither'] })
})

test('naming who does no harm is wrong', () => {
  expect(outcome([benign({})], [finding(13)])).toEqual({ found: [0], verdicts: ['wrong'] })
  expect(outcome([benign({})], [])).toEqual({ found: [null], verdicts: [] })
})

test('a user who is attacked at the time and named for it is no false alarm', () => {
  const truth = [benign({ kind: 'user', entity: 'alice', start: minute(0), end: minute(50) }), row({ kind: 'user', entity: 'alice' })]
  expect(outcome(truth, [finding(13, { kind: 'user', entity: 'alice' })])).toEqual({ found: [null, 180], verdicts: ['right'] })
  expect(outcome(truth, [finding(40, { kind: 'user', entity: 'alice' })])).toEqual({ found: [0, null], verdicts: ['wrong'] })
})

test('scores are ranked by what the truth knows of each address on its host', () => {
  const truth = [row({}), benign({ entity: '192.0.2.8' }), benign({ entity: ADDRESS, host: 'web-2' })]
  const scores = [
    { host: 'web-1', address: ADDRESS, score: 3 },
    { host: 'web-1', address: '192.0.2.8', score: 2 },
    { host: 'web-2', address: ADDRESS, score: 4 },
    { host: 'web-1', address: '192.0.2.99', score: 9 },
  ]
  expect(judge(truth, { findings: null, scores }, ['subject'])).toMatchObject({ auc: 0.5, averagePrecision: 0.5, findings: null })
})
