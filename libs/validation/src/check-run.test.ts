import { createHash } from 'node:crypto'
import type { Layer, Manifest, ObjectStore, Schema } from '@logpipe/core'
import { LogpipeError } from '@logpipe/core'
import { describe, expect, test } from 'vitest'
import { checkRun } from './check-run.ts'

const blobs = new Map<string, string>()
// Only reading matters here; the store itself is proven on Azurite in libs/storage.
const store = {
  async *read({ name }: { name: string }) {
    const text = blobs.get(name)
    if (text === undefined) throw new LogpipeError('BLOB_NOT_FOUND', { container: 'x', name })
    yield Buffer.from(text)
  },
} as unknown as ObjectStore

const layers = [
  { name: 'bronze', outputs: [{ name: 'lines' }] },
  { name: 'silver', outputs: [{ name: 'events' }, { name: 'quarantine' }] },
] as unknown as Layer[]
const definition = { layers, schemas: new Map<string, Schema>() }
const columns = (...names: string[]): Schema => ({ name: 'x', version: 1, columns: names.map((name) => ({ name, type: 'VARCHAR', nullable: false, description: '' })) })

const part = (output: string, text: string, rows: number): Manifest['parts'][number] => {
  blobs.set(output, text)
  return { output, container: 'x', name: output, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex'), rows }
}
const manifests = (): Manifest[] => {
  const common = { schema: 'logpipe/manifest/1' as const, runId: 'r', attempt: 1, engine: 'test', definition: 'x', warnings: [] }
  return [
    { ...common, layer: 'bronze', parts: [part('lines', 'abc', 3)], counts: { lines: 3 } },
    { ...common, layer: 'silver', parts: [part('events', 'ab', 2), part('quarantine', 'c', 1)], counts: { parsed: 2, quarantined: 1 } },
  ]
}

describe('before anything is published', () => {
  test('a whole run passes and says what was looked at', async () => {
    const checks = await checkRun(store, definition, manifests())
    expect(checks.map(({ id }) => id)).toEqual(['outputs-exist', 'part:lines', 'part:events', 'part:quarantine', 'lines-add-up', 'bronze-rows', 'silver-rows', 'quarantine-rows'])
  })

  test('an output that no manifest names', async () => {
    const [bronze] = manifests()
    await expect(checkRun(store, definition, [bronze!])).rejects.toMatchObject({ code: 'OUTPUT_MISSING', fields: { name: 'events' } })
  })

  test('an output that is gone from storage', async () => {
    const all = manifests()
    blobs.delete('events')
    await expect(checkRun(store, definition, all)).rejects.toMatchObject({ code: 'OUTPUT_MISSING' })
  })

  test('one changed byte', async () => {
    const all = manifests()
    blobs.set('events', 'aB')
    await expect(checkRun(store, definition, all)).rejects.toMatchObject({ code: 'OUTPUT_CORRUPT' })
  })

  test('a line that is neither parsed nor quarantined', async () => {
    const [bronze, silver] = manifests()
    await expect(checkRun(store, definition, [bronze!, { ...silver!, counts: { parsed: 2, quarantined: 0 } }])).rejects.toMatchObject({ code: 'COUNTS_DIFFER' })
  })

  describe('tables', () => {
    const tables = { layers: [{ name: 'gold', outputs: [{ name: 'activity_by_hour', format: 'csv', schema: 'hours' }, { name: 'anomalies', format: 'jsonl', schema: 'anomalies' }] }] as unknown as Layer[], schemas: new Map([['hours', columns('hour', 'failures', 'successes')], ['anomalies', columns('entity')]]) }
    const gold = (csv: string, csvRows: number, json: string, jsonRows: number): Manifest[] => [
      { schema: 'logpipe/manifest/1', runId: 'r', attempt: 1, engine: 'test', definition: 'x', warnings: [], layer: 'gold', counts: {}, parts: [part('activity_by_hour', csv, csvRows), part('anomalies', json, jsonRows)] },
      { schema: 'logpipe/manifest/1', runId: 'r', attempt: 1, engine: 'test', definition: 'x', warnings: [], layer: 'silver', counts: { failed: 4, accepted: 1 }, parts: [] },
    ]
    const csv = 'hour,failures,successes\n1,1,0\n"2\n3",3,1\n'
    const json = '{"entity":"a"}\n{"entity":"b"}\n'

    test('rows, columns and totals as written', async () => {
      const checks = await checkRun(store, tables, gold(csv, 2, json, 2))
      expect(checks.at(-1)).toEqual({ id: 'totals:activity_by_hour', ok: true, seen: 'failures and successes of activity_by_hour = failed + accepted of silver: 5' })
    })

    test.each([
      ['a lost row', () => gold(csv, 3, json, 2), 'OUTPUT_NOT_VALID'],
      ['a cut last line', () => gold(csv, 2, json.trimEnd(), 2), 'OUTPUT_NOT_VALID'],
      ['columns in another order', () => gold(csv.replace('failures,successes', 'successes,failures'), 2, json, 2), 'OUTPUT_NOT_VALID'],
      ['a document of other fields', () => gold(csv, 2, json.replaceAll('entity', 'thing'), 2), 'OUTPUT_NOT_VALID'],
      ['a failure too many', () => gold(csv.replace('3,1', '4,1'), 2, json, 2), 'COUNTS_DIFFER'],
    ])('%s', async (_what, written, code) => {
      await expect(checkRun(store, tables, written())).rejects.toMatchObject({ code })
    })
  })
})
