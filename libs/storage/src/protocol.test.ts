import { admit, commitPointer, type Manifest, places, Pointer, readDocument, RunRecord, TERMINAL, updateDocument, updateRecord, writeManifest } from '@logpipe/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useAzurite } from '../test/azurite.ts'

// The publishing protocol of libs/core on a real store: conditional writes decide, so only a real server can prove it.
const azurite = useAzurite()
const params = { timezone: 'UTC', timezoneAssumed: false, baseTimeMs: 0, stream: null }
const deps = () => ({ store: azurite.store, account: 'account', clock: { now: () => 1_700_000_000_000 } })
const source = (etag: string) => ({ container: 'bronze', name: 'sshd.log', etag, bytes: 1 })

describe('admission', () => {
  test('twenty triggers of three kinds at once make one run', async () => {
    const admissions = await Promise.all(Array.from({ length: 20 }, (_, i) => admit(deps(), source('A'), (['blob', 'http', 'timer'] as const)[i % 3]!, params)))
    expect(new Set(admissions.map(({ record }) => record.runId)).size).toBe(1)
    expect(admissions.filter(({ first }) => first)).toHaveLength(1)
  })

  test('a starter that died after its claim is healed by the next', async () => {
    const first = await admit(deps(), source('B'), 'blob', params)
    await azurite.store.remove(places.record(first.record.runId))
    const second = await admit(deps(), source('B'), 'timer', params)
    expect(await readDocument(azurite.store, places.record(second.record.runId), RunRecord)).toMatchObject({ value: { status: 'queued' } })
  })

  test('an ended run is not admitted again', async () => {
    const { record } = await admit(deps(), source('C'), 'blob', params)
    await updateRecord(azurite.store, record.runId, (current) => ({ ...current, status: 'succeeded' }))
    const again = await admit(deps(), source('C'), 'timer', params)
    expect(again.first).toBe(false)
    expect(TERMINAL.has(again.record.status)).toBe(true)
  })
})

describe('documents', () => {
  test('thirty writers at once lose no change', async () => {
    const counter = { container: 'pipeline', name: 'test/counter.json' }
    const add = () => updateDocument(azurite.store, counter, z.object({ n: z.number() }), (current) => ({ n: (current?.n ?? 0) + 1 }))
    await Promise.all(Array.from({ length: 30 }, add))
    expect(await readDocument(azurite.store, counter, z.object({ n: z.number() }))).toMatchObject({ value: { n: 30 } })
  })
})

describe('publishing', () => {
  const part = { output: 'events', container: 'silver', name: '_runs/s/r/attempt=1/events.json', bytes: 1, sha256: 'a'.repeat(64), rows: 1 }
  const manifest: Manifest = { schema: 'logpipe/manifest/1', runId: 'r', layer: 'silver', attempt: 1, engine: 'test', definition: 'x', parts: [part], counts: {}, warnings: [] }

  test('a manifest delivered twice stands; one with other bytes is a conflict', async () => {
    const ref = places.manifest({ container: 'silver', name: 'silver' }, 's', 'r', 1)
    await writeManifest(azurite.store, ref, manifest)
    expect(await writeManifest(azurite.store, ref, manifest)).toEqual(manifest)
    await expect(writeManifest(azurite.store, ref, { ...manifest, parts: [{ ...part, sha256: 'b'.repeat(64) }] })).rejects.toMatchObject({ code: 'PART_CONFLICT' })
  })

  test('the pointer never moves back to an older version of the source', async () => {
    const pointer = (runId: string, sourceModifiedMs: number): Pointer => ({ schema: 'logpipe/latest/1', slug: 's', runId, source: source(runId), sourceModifiedMs, publishedMs: 1, manifests: [] })
    expect((await commitPointer(azurite.store, pointer('new', 2000))).moved).toBe(true)
    expect((await commitPointer(azurite.store, pointer('late', 1000))).moved).toBe(false)
    expect((await readDocument(azurite.store, places.latest('s'), Pointer))?.value.runId).toBe('new')
  })
})
