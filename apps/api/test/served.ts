import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import { commitPointer, type Manifest, type Part, places, type Pointer, RunRecord, STAGES, toJsonBytes } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { type BlobStore, connectBlobService, createBlobStore } from '@logpipe/storage'
import { createServer, type ServerOptions } from '../src/server.ts'

export const KEY = 'k'.repeat(24)

export const optionsOf = (store: BlobStore, more: Partial<ServerOptions> = {}): ServerOptions =>
  ({ store, key: KEY, hosts: [], ratePerMinute: 100_000, functions: null, entra: null, definition: loadDefinition, log: () => undefined, ...more })

export const serve = (store: BlobStore, more: Partial<ServerOptions> = {}) => createServer(optionsOf(store, more))

/** A real storage in a folder of its own. */
export async function startStorage(): Promise<{ azurite: Azurite; store: BlobStore; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-api-'))
  const azurite = await startAzurite({ dir })
  const store = createBlobStore(await connectBlobService(azurite.connection))
  await store.ensureContainers()
  return {
    azurite,
    store,
    async stop() {
      await azurite.stop()
      await rm(dir, { recursive: true })
    },
  }
}

/** A published run with these files, as a run leaves it: parts, manifest, record, pointer. Returns its id. */
export async function publish(store: BlobStore, slug: string, publishedMs: number, files: Record<string, string>): Promise<string> {
  const runId = `${slug}-run`
  const parts: Part[] = []
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text)
    const part = { output: name.split('.')[0] ?? '', container: 'gold', name: `_runs/${slug}/${runId}/attempt=1/${name}`, bytes: body.byteLength, sha256: createHash('sha256').update(body).digest('hex'), rows: text.replaceAll(/"[^"]*"/g, '').split('\n').length - (name.endsWith('.csv') ? 2 : 1) }
    await store.put(part, body)
    parts.push(part)
  }
  const manifest: Manifest = { schema: 'logpipe/manifest/1', runId, layer: 'ml', attempt: 1, engine: 'test', definition: 'x', parts, counts: {}, warnings: [] }
  const ref = { layer: 'ml', ...places.manifest({ container: 'gold', name: 'ml' }, slug, runId, 1) }
  await store.put(ref, toJsonBytes(manifest))
  const at = new Date(publishedMs).toISOString()
  const source = { container: 'bronze', name: `${slug}.log`, etag: 'e', bytes: 1 }
  const record: RunRecord = RunRecord.parse({
    schema: 'logpipe/run/1', runId, slug, eventKey: 'k', source, trigger: 'cli', params: { timezone: 'UTC', baseTimeMs: 1 }, manifests: [ref], status: 'succeeded', queuedAt: at, startedAt: at, endedAt: at, error: null,
    stages: STAGES.map(({ name }) => ({ name, status: 'succeeded', startedAt: at, endedAt: at, attempts: 1, counts: {}, warnings: [], error: null })),
  })
  await store.put(places.record(runId), toJsonBytes(record), { status: 'succeeded' })
  const pointer: Pointer = { schema: 'logpipe/latest/1', slug, runId, source, sourceModifiedMs: 1, publishedMs, manifests: [ref] }
  await commitPointer(store, pointer)
  return runId
}

export const anomalyRow = (entity: string, more: object = {}): string =>
  `${JSON.stringify({
    entity_kind: 'address', entity, host: 'web-1', window_start: '2026-01-05T00:00:00Z', window_end: '2026-01-05T01:00:00Z', score: 7.5, rank: 1, flagged: true, severity: 'high',
    contributions: [{ feature: 'failures', value: 9, tail_probability: 0.01, share: 1 }],
    detections: [{ id: 'brute_force', technique: 'T1110.001', severity: 'high', observed: 9, threshold: 5, first_line: 1, last_line: 9 }],
    agreement: 'both', judgement: null, why: `9 failed logins from ${entity}`, evidence: [{ line_no: 1, raw: `Failed password for root from ${entity} port 22 ssh2` }], ...more,
  })}\n`
