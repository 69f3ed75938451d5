import { expect, test } from 'vitest'
import { LAWS } from './laws/laws.ts'
import { report, runLaws } from './laws/run-laws.ts'

const LINES = 6000

// A sample of what laws.nightly.test.ts does with a million lines, the same each time.
test('the laws of reading hold on a seeded sample', async () => {
  const { figures, counterexamples } = await runLaws({ name: 'sample', seed: 20_260_105, lines: LINES, perSource: 3000 })
  expect(counterexamples, report(counterexamples)).toEqual([])
  for (const law of LAWS.keys()) expect(figures.laws[law], law).toEqual({ inputs: LINES, counterexamples: 0 })
  expect(figures.parsed + figures.quarantined).toBe(LINES)
})
