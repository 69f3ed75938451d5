import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Timeline } from './timeline.ts'

function run(schedules: readonly (readonly number[])[]): [time: number, source: number][] {
  const timeline = new Timeline()
  const seen: [number, number][] = []
  schedules.forEach((times, source) => {
    const left = [...times]
    if (left.length === 0) return
    timeline.push(left[0]!, {
      step(now) {
        seen.push([now, source])
        left.shift()
        return left[0] ?? null
      },
    })
  })
  while (timeline.size > 0) timeline.step()
  return seen
}

test('merges sources into time order and loses no step', () => {
  const schedule = fc.array(fc.integer({ min: 0, max: 50 })).map((times) => times.sort((a, b) => a - b))
  fc.assert(fc.property(fc.array(schedule), (schedules) => {
    const times = run(schedules).map(([time]) => time)
    expect(times).toEqual(schedules.flat().sort((a, b) => a - b))
  }))
})

test('equal times go in the order of pushing', () => {
  expect(run([[5], [5], [5]])).toEqual([[5, 0], [5, 1], [5, 2]])
})

test('a source pushed during a step takes part', () => {
  const timeline = new Timeline()
  const seen: string[] = []
  timeline.push(1, {
    step: () => {
      seen.push('first')
      timeline.push(1, { step: () => (seen.push('pushed'), null) })
      return null
    },
  })
  while (timeline.size > 0) timeline.step()
  expect(seen).toEqual(['first', 'pushed'])
})
