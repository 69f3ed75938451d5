import { createHash } from 'node:crypto'
import type { Layer, Manifest, ObjectStore } from '@logpipe/core'
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
    const checks = await checkRun(store, layers, manifests())
    expect(checks.map(({ id }) => id)).toEqual(['outputs-exist', 'hash:lines', 'hash:events', 'hash:quarantine', 'lines-add-up', 'bronze-rows', 'silver-rows', 'quarantine-rows'])
  })

  test('an output that no manifest names', async () => {
    const [bronze] = manifests()
    await expect(checkRun(store, layers, [bronze!])).rejects.toMatchObject({ code: 'OUTPUT_MISSING', fields: { name: 'events' } })
  })

  test('an output that is gone from storage', async () => {
    const all = manifests()
    blobs.delete('events')
    await expect(checkRun(store, layers, all)).rejects.toMatchObject({ code: 'OUTPUT_MISSING' })
  })

  test('one changed byte', async () => {
    const all = manifests()
    blobs.set('events', 'aB')
    await expect(checkRun(store, layers, all)).rejects.toMatchObject({ code: 'OUTPUT_CORRUPT' })
  })

  test('a line that is neither parsed nor quarantined', async () => {
    const [bronze, silver] = manifests()
    await expect(checkRun(store, layers, [bronze!, { ...silver!, counts: { parsed: 2, quarantined: 0 } }])).rejects.toMatchObject({ code: 'COUNTS_DIFFER' })
  })
})
