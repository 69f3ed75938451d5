import { describe, expect, test } from 'vitest'
import { event, linesOf, numbered, series } from './event.ts'
import { definition, runLayer } from './run-layer.ts'

const DUCKDB_TYPE: Record<string, string> = { JSON: 'VARCHAR' }

describe.each(['gold', 'ml'] as const)('layer %s', (name) => {
  const outputs = definition.layers.find((layer) => layer.name === name)!.outputs

  test('writes the columns and types its schemas say', async () => {
    const events = numbered(series(30, 60, (i) => ({ address: `192.0.2.${i}` })))
    const results = await runLayer(name, { events, lines: linesOf(events) })
    for (const output of outputs) {
      const expected = definition.schemas.get(output.schema)!.columns.map(({ name, type }) => [name, DUCKDB_TYPE[type] ?? type])
      expect(Object.entries(results[output.name]!.types), output.name).toEqual(expected)
    }
  })

  test('leaves null only where its schemas allow it', async () => {
    const odd = event({ host: null, user: null, user_valid: null, pid: null, port: null, method: null, address: null, address_raw: null })
    const results = await runLayer(name, { events: [odd], lines: linesOf([odd]) })
    for (const output of outputs) {
      for (const column of definition.schemas.get(output.schema)!.columns.filter((candidate) => !candidate.nullable)) {
        for (const row of results[output.name]!.rows) expect(row[column.name], `${output.name}.${column.name}`).not.toBeNull()
      }
    }
  })

  test('gives empty tables and whole documents for no events', async () => {
    const results = await runLayer(name, { events: [], lines: [] })
    for (const output of outputs) expect(results[output.name]!.rows, output.name).toHaveLength(output.format === 'json' ? 1 : 0)
  })
})
