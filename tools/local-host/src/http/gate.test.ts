import { expect, test } from 'vitest'
import { HostError } from '../errors.ts'
import { Gate } from './gate.ts'

test('so many at once, the others in order, and past the limit a refusal', async () => {
  const gate = new Gate(2, 4)
  const seen: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string) => gate.pass(() => new Promise<void>((resolve) => {
    seen.push(name)
    ends.push(resolve)
  }))
  const all = ['a', 'b', 'c', 'd'].map(work)
  await expect(work('e')).rejects.toThrow(HostError)
  expect(seen).toEqual(['a', 'b'])
  ends[0]!()
  await all[0]
  await expect.poll(() => seen).toEqual(['a', 'b', 'c'])
  ends[1]!()
  await expect.poll(() => seen).toEqual(['a', 'b', 'c', 'd'])
  ends[2]!()
  ends[3]!()
  await Promise.all(all)
})

test('a failure frees its place', async () => {
  const gate = new Gate(1, 1)
  await expect(gate.pass(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
  expect(await gate.pass(() => Promise.resolve(1))).toBe(1)
})
