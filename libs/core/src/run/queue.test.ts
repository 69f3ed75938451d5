import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextRun, type Waiting } from './queue.ts'

const arrivals = fc.array(fc.record({ group: fc.constantFrom('a/', 'b/', 'c/'), queuedMs: fc.integer({ min: 0, max: 20 }) }), { maxLength: 40 })

test('turns are never more than there are, every run has one, groups share them, and within a group the first come is first', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (given, turns, ends) => {
      let waiting: Waiting[] = given.map((run, i) => ({ ...run, runId: `run-${String(i).padStart(2, '0')}` }))
      let running: Waiting[] = []
      const done: string[] = []
      const busy = (group: string): number => running.filter((run) => run.group === group).length
      while (waiting.length > 0 || running.length > 0) {
        const next = nextRun(waiting, running, turns)
        if (next === null) {
          expect(running.length === turns || waiting.length === 0).toBe(true)
          const [ended] = running.splice((ends.next().value ?? 0) % running.length, 1)
          done.push(ended!.runId)
          continue
        }
        const chosen = waiting.find(({ runId }) => runId === next.runId)!
        for (const other of waiting) {
          expect(busy(other.group)).toBeGreaterThanOrEqual(busy(chosen.group))
          if (other.group === chosen.group) expect(other.queuedMs).toBeGreaterThanOrEqual(chosen.queuedMs)
        }
        waiting = waiting.filter((run) => run !== chosen)
        running = [...running, chosen]
        expect(running.length).toBeLessThanOrEqual(turns)
      }
      expect(done.sort()).toEqual(given.map((_, i) => `run-${String(i).padStart(2, '0')}`))
    }),
  )
})
