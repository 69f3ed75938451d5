import { admit, commitPointer, type Manifest, places, purge, readRecord, type RunRecord, toJsonBytes, updateRecord } from '@logpipe/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { useAzurite } from '../test/azurite.ts'

const azurite = useAzurite()
const NOW = Date.UTC(2026, 5, 1)
const DAY = 86_400_000
const layer = { container: 'silver', name: 'silver' } as const

/** A source with a run that ended `days` ago; its silver output, and one of an attempt that failed. */
async function run(name: string, days: number, status: RunRecord['status'] = 'succeeded'): Promise<{ record: RunRecord; manifest: Manifest & { ref: { container: string; name: string } } }> {
  const { store } = azurite
  const { etag } = await store.put({ container: 'bronze', name }, Buffer.from(name))
  const source = { container: 'bronze', name, etag, bytes: name.length }
  const { record } = await admit({ store, account: 'a', clock: { now: () => NOW - days * DAY } }, source, 'blob', { timezone: 'UTC', timezoneAssumed: false, baseTimeMs: 0, stream: null })
  const { runId, slug } = record
  await store.put({ container: 'silver', name: `${places.attempt(layer, slug, runId, 1).prefix}events.json` }, Buffer.from('torn'))
  const part = { output: 'events', container: 'silver', name: `${places.attempt(layer, slug, runId, 2).prefix}events.json`, bytes: 4, sha256: 'a'.repeat(64), rows: 1 }
  await store.put(part, Buffer.from('data'))
  const ref = places.manifest(layer, slug, runId, 2)
  const manifest: Manifest = { schema: 'logpipe/manifest/1', runId, layer: 'silver', attempt: 2, engine: 'e', definition: 'd', parts: [part], counts: {}, warnings: [] }
  await store.put(ref, toJsonBytes(manifest))
  const ended = await updateRecord(store, runId, (now) => ({ ...now, status, endedAt: status === 'running' ? null : new Date(NOW - days * DAY).toISOString() }))
  return { record: ended, manifest: { ...manifest, ref } }
}

async function publish({ record: { slug, runId, source }, manifest }: Awaited<ReturnType<typeof run>>, publishedMs: number): Promise<void> {
  await commitPointer(azurite.store, { schema: 'logpipe/latest/1', slug, runId, source, sourceModifiedMs: publishedMs, publishedMs, manifests: [{ layer: 'silver', ...manifest.ref }] })
}

const data = async (runId: string): Promise<string[]> => {
  const names: string[] = []
  for await (const { name } of azurite.store.list('silver', '_runs/')) if (name.includes(`/${runId}/`)) names.push(name.split('/').slice(3).join('/'))
  return names.sort()
}
const WHOLE = ['attempt=1/events.json', 'attempt=2/_MANIFEST.silver.json', 'attempt=2/events.json']
const USED = WHOLE.slice(1)

describe('purge', () => {
  let old: Awaited<ReturnType<typeof run>>[]
  beforeAll(async () => {
    const published = await run('published.log', 40)
    await publish(published, 1)
    const failed = await run('failed.log', 40, 'failed')
    const young = await run('young.log', 5, 'failed')
    const learnt = await run('learnt.log', 40)
    await azurite.store.put(places.models, toJsonBytes({ parts: [{ parts: learnt.manifest.parts }] }))
    const carried = await run('carried.log', 40)
    await azurite.store.put(places.stream('s'), toJsonBytes({ carry: carried.manifest.parts[0] }))
    const running = await run('running.log', 40, 'running')
    const gone = await run('gone.log', 40, 'failed')
    await azurite.store.remove({ container: 'bronze', name: 'gone.log' })
    old = [published, failed, young, learnt, carried, running, gone]
  })
  const left = () => Promise.all(old.map(({ record }) => data(record.runId)))

  test('a plan counts and removes nothing', async () => {
    expect(await purge(azurite.store, { endedBeforeMs: NOW - 30 * DAY, plan: true })).toMatchObject({ runs: 5, records: 1 })
    expect(await left()).toEqual(old.map(() => WHOLE))
  })

  test('what a pointer, a model, a stream or an unfinished run needs stays; failed attempts and failed runs go; sources stay', async () => {
    const purged = await purge(azurite.store, { endedBeforeMs: NOW - 30 * DAY })
    const [published, failed, young, learnt, carried, running, gone] = await left()
    expect({ published, failed, young, learnt, carried, running, gone }).toEqual({
      published: USED,
      failed: [],
      young: WHOLE,
      learnt: ['attempt=2/events.json'],
      carried: ['attempt=2/events.json'],
      running: WHOLE,
      gone: [],
    })
    expect(purged).toMatchObject({ runs: 5, blobs: 3 + 3 + 1 + 2 + 2, records: 1 })
    expect(await azurite.store.stat({ container: 'bronze', name: 'failed.log' })).not.toBeNull()
    expect(await readRecord(azurite.store, old[1]!.record.runId)).toMatchObject({ status: 'failed' }) // or its source would be run again
    await expect(readRecord(azurite.store, old[6]!.record.runId)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
    expect(await purge(azurite.store, { endedBeforeMs: NOW - 30 * DAY })).toEqual({ runs: 0, blobs: 0, bytes: 0, records: 0 })
  })
})
