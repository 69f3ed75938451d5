import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withFigures } from '../src/reliability.ts'

const page = readFileSync(new URL('../../../docs/reliability.md', import.meta.url), 'utf8')
const figures = { technique: 'a sweep', size: 'moderate', seed: 7, date: '2026-01-02', figures: { points: 1234, diverging: 0 }, seconds: 60 }
const ROW = '| a sweep | points 1,234, diverging 0 | moderate | 7 | 2026-01-02 | 60 s |'

test('figures become a row of their technique; the rest of the page stays', () => {
  const changed = withFigures(page, [figures])
  expect(changed).toContain(ROW)
  expect(changed.replace(`${ROW}\n`, '')).toBe(page)
})

test('a bigger run replaces the row, a smaller one does not', () => {
  const first = withFigures(page, [figures])
  expect(withFigures(first, [{ ...figures, size: 'sample', date: '2026-01-03' }])).toBe(first)
  expect(withFigures(first, [{ ...figures, size: 'full', date: '2026-01-03' }])).toContain('| full | 7 | 2026-01-03 |')
})

test('without figures the page stays as it is', () => {
  expect(withFigures(page, [])).toBe(page)
})
