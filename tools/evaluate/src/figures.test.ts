import { expect, test } from 'vitest'
import { figures } from './figures.ts'
import type { Judged } from './judge.ts'

const log: Judged = {
  incidents: [
    { class: 'spraying', attack: true, foundAfterS: 10 },
    { class: 'spraying', attack: true, foundAfterS: 30 },
    { class: 'spraying', attack: true, foundAfterS: null },
    { class: 'probes', attack: true, foundAfterS: null },
    { class: 'office', attack: false, foundAfterS: null },
    { class: 'office', attack: false, foundAfterS: 0 },
  ],
  findings: [
    { verdict: 'right', classes: ['spraying'], rules: ['brute_force', 'spraying'] },
    { verdict: 'right', classes: ['spraying'], rules: ['spraying'] },
    { verdict: 'wrong', classes: ['office'], rules: ['brute_force'] },
    { verdict: 'neither', classes: [], rules: ['score'] },
  ],
  auc: 0.5,
  averagePrecision: null,
}

test('figures of one log, by hand', () => {
  expect(figures([log])).toEqual({
    incidents: 4,
    found: 2,
    recall: 1 / 2,
    wrong: 1,
    precision: 2 / 3,
    auc: 0.5,
    averagePrecision: null,
    classes: [
      { class: 'probes', incidents: 1, found: 0, recall: 0, precision: 0, medianS: null },
      { class: 'spraying', incidents: 3, found: 2, recall: 2 / 3, precision: 2 / 3, medianS: 20 },
    ],
    harmless: [{ class: 'office', incidents: 2, flagged: 1 }],
    rules: [
      { rule: 'brute_force', right: 1, wrong: 1, precision: 1 / 2 },
      { rule: 'score', right: 0, wrong: 0, precision: null },
      { rule: 'spraying', right: 2, wrong: 0, precision: 1 },
    ],
  })
})

test('incidents and findings are pooled over logs, areas averaged', () => {
  expect(figures([log, { ...log, auc: 1 }])).toMatchObject({ incidents: 8, found: 4, wrong: 2, auc: 0.75 })
})

test('a judge that only ranks has found nothing and missed nothing', () => {
  expect(figures([{ ...log, findings: null }])).toMatchObject({ incidents: 0, recall: null, precision: null, auc: 0.5, classes: [], rules: [] })
})

test('no logs, no figures', () => {
  expect(figures([])).toMatchObject({ incidents: 0, recall: null, precision: null, auc: null, classes: [], harmless: [], rules: [] })
})
