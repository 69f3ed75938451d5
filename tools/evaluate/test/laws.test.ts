import { scenarios } from '@logpipe/loggen'
import { beforeAll, expect, test } from 'vitest'
import { evaluate, type Evaluation } from '../src/index.ts'

// What holds of every definition, on a few logs of the seeds for development. How good it is, and better than whom, is the real suite's matter.
let evaluation: Evaluation
beforeAll(async () => {
  evaluation = await evaluate({ seeds: [101, 102], mixes: ['first', 'usual'] })
})

const own = () => evaluation.judges[0]!.all

test('the logs hold every way of behaving that loggen has', () => {
  const held = [...own().classes, ...own().harmless].map((figures) => figures.class)
  expect(held.toSorted()).toEqual(scenarios.filter(({ roles }) => Object.keys(roles).length > 0).map(({ kind }) => kind).toSorted())
})

test('the score ranks attackers above others', () => {
  expect(own().auc).toBeGreaterThan(0.8)
})

test('nobody who does no harm is named', () => {
  expect(own().harmless.filter(({ flagged }) => flagged > 0)).toEqual([])
  expect(own().wrong).toBe(0)
})

// What breaks a habit is found once the habit is known, and a name that all the internet tries only above what it does: not every one of them.
const HARD = ['distributed_user', 'first_address', 'unusual_hour']

test('every attack is found, but for classes that are hard', () => {
  expect(own().classes.filter(({ class: name, found, incidents }) => found < incidents && !HARD.includes(name))).toEqual([])
  expect(own().classes.filter(({ found }) => found === 0)).toEqual([])
})

test('the same options give the same figures', async () => {
  const options = { seeds: [103], mixes: ['quiet'], lines: 3000 } as const
  expect(await evaluate(options)).toEqual(await evaluate(options))
})
