import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Anomaly } from './anomaly.ts'
import { type Choice, decide } from './decisions.ts'
import { DECISION_FORMATS, formatDecisions } from './formats.ts'
import type { Judgement } from './judgement.ts'

const NOW = Date.UTC(2026, 0, 10)
const choice: Choice = { atLeast: 'medium', seconds: 3600, nowMs: NOW }
const anomaly = (entity: string, given: Partial<Anomaly> = {}): Anomaly => ({
  entity_kind: 'address', entity, host: 'web-1', window_start: '', window_end: '', score: 9, rank: 1, flagged: true, severity: 'high',
  contributions: [], detections: [{ id: 'brute_force', technique: 'T1110.001', severity: 'high', observed: 9, threshold: 5, first_line: 1, last_line: 9 }],
  agreement: 'both', why: '', judgement: null, evidence: [], ...given,
})
const judgement = (entity: string, given: Partial<Judgement> = {}): Judgement => ({
  kind: 'allow', entity_kind: 'address', entity, host: null, id: null, until: '2026-02-01T00:00:00Z', reason: 'known', author: 'a', at: '2026-01-01T00:00:00Z', ...given,
})
const addresses = (anomalies: Anomaly[], judgements: Judgement[] = [], given: Partial<Choice> = {}, successful: string[] = []): string[] =>
  decide([{ runId: 'r', anomalies, successful: new Set(successful) }], judgements, { ...choice, ...given }).map(({ address }) => address)

describe('who is blocked', () => {
  test.each([
    ['a flagged address', addresses([anomaly('192.0.2.7')]), ['192.0.2.7']],
    ['a name an attacker chose', addresses([anomaly('evil.example.org'), anomaly('0.0.0.0/0'), anomaly('192.0.2.7; reboot'), anomaly('192.0.2.007')]), []],
    ['an IPv6 address in its canonical form', addresses([anomaly('2001:DB8:0::7')]), ['2001:db8::7']],
    ['a user or a subnet', addresses([anomaly('192.0.2.7', { entity_kind: 'user' }), anomaly('192.0.2.7', { entity_kind: 'subnet' })]), []],
    ['one that is listed but not flagged', addresses([anomaly('192.0.2.7', { flagged: false })]), []],
    ['one below the severity', addresses([anomaly('192.0.2.7', { severity: 'medium' })], [], { atLeast: 'high' }), []],
    ['an allowed one', addresses([anomaly('192.0.2.7')], [judgement('192.0.2.7')]), []],
    ['one in an allowed network', addresses([anomaly('192.0.2.7'), anomaly('192.0.3.7')], [judgement('192.0.2.0/24', { entity_kind: 'subnet' })]), ['192.0.3.7']],
    ['a dismissed one', addresses([anomaly('192.0.2.7')], [judgement('192.0.2.7', { kind: 'dismiss' })]), []],
    ['one whose time is over', addresses([anomaly('192.0.2.7')], [judgement('192.0.2.7', { until: '2026-01-09T00:00:00Z' })]), ['192.0.2.7']],
    ['one of which only a detection was dismissed', addresses([anomaly('192.0.2.7')], [judgement('192.0.2.7', { id: 'spraying' })]), ['192.0.2.7']],
    ['one that logged in', addresses([anomaly('192.0.2.7')], [], {}, ['192.0.2.7']), []],
    ['one that logged in, when asked for', addresses([anomaly('192.0.2.7')], [], { withSuccessful: true }, ['192.0.2.7']), ['192.0.2.7']],
  ])('%s', (_case, got, wanted) => {
    expect(got).toEqual(wanted)
  })

  test.each(['10.1.2.3', '127.0.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '::', '::1', 'fd00::1', 'fe80::1', 'ff02::1', '::ffff:10.0.0.1'])(
    '%s is private: only when asked for',
    (address) => {
      expect(addresses([anomaly(address)])).toEqual([])
      expect(addresses([anomaly(address)], [], { withPrivate: true })).toHaveLength(1)
    },
  )

  test.each(['11.0.0.1', '172.15.0.1', '172.32.0.1', '192.167.0.1', '100.128.0.1', '223.255.255.255', '2001:db8::1', 'fb00::1'])('%s is not', (address) => {
    expect(addresses([anomaly(address)])).toEqual([address])
  })
})

test('one address of several runs is one decision: the worst severity, all reasons and runs', () => {
  const probes = { ...anomaly('192.0.2.7').detections[0]!, id: 'probes' }
  const found = decide(
    [
      { runId: 'a', anomalies: [anomaly('192.0.2.7', { severity: 'medium', detections: [probes] }), anomaly('192.0.2.9', { severity: 'critical', detections: [] })], successful: new Set() },
      { runId: 'b', anomalies: [anomaly('192.0.2.7')], successful: new Set() },
    ],
    [],
    choice,
  )
  expect(found).toEqual([
    { address: '192.0.2.9', severity: 'critical', reasons: ['model'], seconds: 3600, runs: ['a'] },
    { address: '192.0.2.7', severity: 'high', reasons: ['brute_force', 'probes'], seconds: 3600, runs: ['a', 'b'] },
  ])
})

test('whatever the log says, no format holds more than addresses, ids and our own words', () => {
  const entity = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4().map((ip) => `${ip}\n-j ACCEPT`))
  fc.assert(
    fc.property(fc.array(entity, { maxLength: 5 }), (entities) => {
      const decisions = decide([{ runId: 'r', anomalies: entities.map((name) => anomaly(name, { why: name })), successful: new Set() }], [], { ...choice, withPrivate: true })
      for (const format of DECISION_FORMATS) expect(formatDecisions(format, decisions, NOW)).toMatch(/^[\w\s.:@,;#{}[\]"-]*$/)
      for (const { address } of decisions) expect(address).toMatch(/^[\da-f.:]+$/)
    }),
  )
})

describe('formats', () => {
  const decisions = decide([{ runId: 'r', anomalies: [anomaly('192.0.2.7'), anomaly('2001:db8::7')], successful: new Set() }], [], choice)

  test('fail2ban', () => {
    expect(formatDecisions('fail2ban', decisions, NOW)).toBe(
      'fail2ban-client set sshd bantime 3600\nfail2ban-client set sshd banip 192.0.2.7 # logpipe high: brute_force\nfail2ban-client set sshd banip 2001:db8::7 # logpipe high: brute_force\n',
    )
    expect(formatDecisions('fail2ban', [], NOW)).toBe('')
  })
  test('crowdsec', () => {
    expect(JSON.parse(formatDecisions('crowdsec', decisions, NOW))).toContainEqual({ duration: '3600s', reason: 'logpipe high: brute_force', scope: 'ip', type: 'ban', value: '192.0.2.7' })
  })
  test('nftables: each family in its set', () => {
    const text = formatDecisions('nftables', decisions, NOW)
    expect(text).toContain('add element inet logpipe blocked4 { 192.0.2.7 timeout 3600s')
    expect(text).toContain('add element inet logpipe blocked6 { 2001:db8::7 timeout 3600s')
  })
  test('csv', () => {
    expect(formatDecisions('csv', decisions, NOW).split('\n').slice(0, 2)).toEqual(['address,severity,reasons,expires,runs', '192.0.2.7,high,brute_force,2026-01-10T01:00:00.000Z,r'])
  })
})
