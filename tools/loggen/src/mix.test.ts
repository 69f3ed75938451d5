import { expect, test } from 'vitest'
import { weigh } from './mix.ts'

const profile = { background: 1, legitimate: 2, probes: 3, spraying: 6 }

test('a profile alone is as it is', () => {
  expect(weigh(profile, undefined, undefined)).toEqual(profile)
})

test('only leaves out the others, and takes kinds or groups', () => {
  expect(weigh(profile, ['probes', 'legitimate'], undefined)).toEqual({ probes: 3, legitimate: 2 })
  expect(weigh(profile, ['attack'], undefined)).toMatchObject({ probes: 3, spraying: 6 })
  expect(Object.keys(weigh(profile, ['attack'], undefined))).not.toContain('background')
})

test('a mix replaces the weights; what it does not name is out', () => {
  expect(weigh(profile, undefined, { background: 5 })).toEqual({ background: 5 })
})

test('the weight of a group is shared out among its kinds as before', () => {
  expect(weigh(profile, undefined, { attack: 3, benign: 9 })).toEqual({ probes: 1, spraying: 2, background: 3, legitimate: 6 })
})

test('a kind named beside its group has its own weight', () => {
  expect(weigh(profile, undefined, { attack: 1, probes: 9 })).toEqual({ spraying: 1, probes: 9 })
})

test('a group is that of the kinds left by only', () => {
  expect(weigh(profile, ['probes', 'background'], { attack: 1, benign: 3 })).toEqual({ probes: 1, background: 3 })
})
