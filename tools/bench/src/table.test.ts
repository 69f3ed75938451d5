import { expect, test } from 'vitest'
import { measured } from '../test/measured.ts'
import { perLine, summarize } from './summary.ts'
import { report } from './table.ts'

const environment = {
  date: '2026-11-24T10:00:00.000Z',
  cpu: 'Model X',
  cores: 2,
  memoryBytes: 4 * 2 ** 30,
  system: 'linux x64 6.1',
  node: 'v24.0.0',
  duckdb: 'v1.5.6',
}

test('shows the machine, the ratio, the split and the cost of a line', () => {
  const pairs = [{ limit: measured(500), layers: measured(3000, { bronze: 1000, silver: 2000 }) }]
  const cases = [summarize({ lines: 1_000_000, bytes: 1 }, 1, pairs)]
  const text = report(environment, cases, perLine(cases))
  expect(text).toContain('2026-11-24, Model X, 2 cores, 4 GiB, linux x64 6.1, Node v24.0.0, DuckDB v1.5.6.')
  expect(text).toMatch(/\| 1,000,000 \| 1 +\| CPU, s +\| 0\.50 \(0\.50–0\.50\) +\| 3\.00 \(3\.00–3\.00\) +\| 6\.0 \(6\.0–6\.0\) +\|/)
  expect(text).toMatch(/\| 1,000,000 \| 1 +\| peak RSS, MiB \| 500 /)
  expect(text).toMatch(/\| 1,000,000 \| 1 +\| silver \| 2\.00 .*\| 4\.00 /)
  expect(text).toMatch(/\| 1,000,000 \| 1 +\| 3\.00 +\| 1\.00 +\|/)
})
