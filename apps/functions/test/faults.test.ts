import { expect, test } from 'vitest'
import { faults } from './faults.ts'

test('under a seeded rain of storage faults no output is wrong, and every failed run says why and succeeds on a retry', async () => {
  const figures = await faults({ seed: 5, wanted: 60 })
  expect(figures).toMatchObject({ wrong: 0, mute: 0 })
  expect(figures.injected).toBeGreaterThanOrEqual(60)
}, 300_000)
