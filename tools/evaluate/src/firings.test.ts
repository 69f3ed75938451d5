import { Detection } from '@logpipe/core/detections'
import { expect, test } from 'vitest'
import { firings, type Signal } from './firings.ts'

const detection = (fields: object): Detection =>
  Detection.parse({
    id: 'probe', title: 'Probe', technique: 'T1110', severity: 'high', entity: 'address', where: { attempt: ['auth_failed'] }, text: 'text',
    samples: { firing: [{}], quiet: [{}] }, ...fields,
  })
const row = (second: number, fields: Partial<Signal['fields']> = {}, tries = 1): Signal => ({
  lineNo: second, atMs: second * 1000, host: 'web-1', tries,
  fields: { event: 'login_failed', outcome: 'failure', attempt: 'auth_failed', method: 'password', user_name: 'root', address: '192.0.2.7', ...fields },
})
const seconds = (of: Detection, rows: Signal[]): number[] => (firings(of, rows)?.values().next().value ?? []).map((ms) => ms / 1000)

test('a threshold holds from the event that reaches it on, repeats counted, as long as the window is full', () => {
  const of = detection({ kind: 'threshold', parameters: { threshold: 3, window_s: 10 } })
  expect(seconds(of, [row(1), row(5), row(11), row(12), row(100), row(101, {}, 2)])).toEqual([11, 12, 101])
  expect(seconds(of, [row(1), row(5), row(12)])).toEqual([])
})

test('a distinct count takes a value once', () => {
  const of = detection({ kind: 'distinct', parameters: { field: 'user_name', threshold: 2, window_s: 10 } })
  expect(seconds(of, [row(1), row(2), row(3, { user_name: 'admin' }), row(20, { user_name: 'guest' })])).toEqual([3])
})

test('a sequence holds when it closes', () => {
  const of = detection({ kind: 'sequence', then: { attempt: ['auth_accepted'] }, parameters: { threshold: 2, window_s: 10 } })
  expect(seconds(of, [row(1), row(2), row(3, { attempt: 'auth_accepted' }), row(40, { attempt: 'auth_accepted' })])).toEqual([3])
})

test('a rhythm holds from its threshold on, and not at all where it is cancelled', () => {
  const of = detection({ kind: 'regular', unless: { attempt: ['auth_accepted'] }, parameters: { threshold: 3, min_interval_s: 600, max_spread: 0.2 } })
  const rows = [row(0), row(700), row(1400), row(2100)]
  expect(seconds(of, rows)).toEqual([1400, 2100])
  expect(seconds(of, [...rows, row(2200, { attempt: 'auth_accepted' })])).toEqual([])
  expect(seconds(of, [row(0), row(1), row(1400), row(2000)])).toEqual([])
})

test('entities are kept apart, and hosts', () => {
  const of = detection({ kind: 'threshold', parameters: { threshold: 2, window_s: 10 } })
  const rows = [row(1), row(2, { address: '192.0.2.8' }), { ...row(3), host: 'web-2' }, row(4)]
  expect([...firings(of, rows)!]).toEqual([['web-1 192.0.2.7', [4000]]])
})
