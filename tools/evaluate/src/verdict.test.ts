import { expect, test } from 'vitest'
import type { Evaluation } from './evaluate.ts'
import { figures } from './figures.ts'
import { shortfalls } from './verdict.ts'

/** Four attacks, so many of them found; one class. */
const finder = (name: string, found: number, wrong = 0) => {
  const incidents = Array.from({ length: 4 }, (_, i) => ({ class: 'spraying', attack: true, foundAfterS: i < found ? 1 : null }))
  const findings = [...Array.from({ length: found }, () => 'right' as const), ...Array.from({ length: wrong }, () => 'wrong' as const)]
  const all = figures([{ incidents, findings: findings.map((verdict) => ({ verdict, classes: ['spraying'], rules: ['r'] })), auc: null, averagePrecision: null }])
  return { name, all, mixes: {} }
}
const ranker = (name: string, auc: number) => ({ name, all: figures([{ incidents: [], findings: null, auc, averagePrecision: auc }]), mixes: {} })
const of = (...judges: Evaluation['judges']): string[] => shortfalls({ definition: '', seeds: [], lines: 0, logs: [], judges }).map(({ measure, peer }) => `${measure}: ${peer}`)

test('ahead of all peers, nothing is short', () => {
  expect(of(finder('logpipe', 3), finder('fail2ban', 1), finder('crowdsec', 2))).toEqual([])
})

test('level with the best is short below 1, and enough at 1', () => {
  expect(of(finder('logpipe', 2), finder('fail2ban', 2))).toEqual(['attacks found: fail2ban', 'spraying: fail2ban'])
  expect(of(finder('logpipe', 4), finder('fail2ban', 4))).toEqual([])
})

test('behind the best peer is short, whatever the others do', () => {
  expect(of(finder('logpipe', 2), finder('fail2ban', 1), finder('crowdsec', 3))).toEqual(['attacks found: crowdsec', 'spraying: crowdsec'])
})

test('a peer that names nobody wrongly sets the precision', () => {
  expect(of(finder('logpipe', 4, 1), finder('fail2ban', 1))).toEqual(['precision: fail2ban'])
})

test('a ranking counts against a ranking only', () => {
  const logpipe = { ...finder('logpipe', 4), all: { ...finder('logpipe', 4).all, auc: 0.8, averagePrecision: 0.9 } }
  expect(of(logpipe, ranker('ECOD', 0.85))).toEqual(['ROC-AUC: ECOD'])
})
