import { expect, test } from 'vitest'
import { report, runLaws } from './laws/run-laws.ts'

// LOGPIPE_LAWS_SEED runs a night again; LOGPIPE_LAWS_LINES makes it shorter or longer.
const seed = Number(process.env['LOGPIPE_LAWS_SEED'] ?? Math.floor(Math.random() * 0x3fffffff))
const lines = Number(process.env['LOGPIPE_LAWS_LINES'] ?? 1_000_000)

test(`the laws of reading hold on ${lines} lines (seed ${seed})`, async () => {
  const { figures, counterexamples } = await runLaws({ name: 'nightly', seed, lines, perSource: 20_000 })
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  expect(counterexamples, `LOGPIPE_LAWS_SEED=${seed}\n${report(counterexamples)}`).toEqual([])
  expect(figures.parsed + figures.quarantined).toBe(lines)
})
