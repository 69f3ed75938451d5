import type { BlobInfo, ObjectStore } from '../ports.ts'
import { RUNS_SEGMENT } from './blob-name.ts'
import { Manifest, type RunRecord, TERMINAL } from './documents.ts'
import { normalizeEtag } from './identity.ts'
import { readDocument } from './json-blob.ts'
import { CONTAINERS, places } from './places.ts'
import { listRunStatuses, readRecord } from './record.ts'

export interface PurgeOptions {
  /** Runs that ended later keep everything, ms since the epoch. */
  readonly endedBeforeMs: number
  /** Counts, removes nothing. */
  readonly plan?: boolean
  readonly signal?: AbortSignal
}

export interface Purged {
  /** Runs that lost data: superseded results, failed attempts. */
  readonly runs: number
  readonly blobs: number
  readonly bytes: number
  /** Runs whose record went too: their version of the source is no longer in bronze, so nothing would start them again. */
  readonly records: number
}

const key = ({ container, name }: { container: string; name: string }): string => `${container}/${name}`
const decoder = new TextDecoder()

/** Every `{container, name}` anywhere in a document: what a document of any kind points at is kept, also of kinds that come later. */
function* referencesIn(value: unknown): Generator<{ container: string; name: string }> {
  if (typeof value !== 'object' || value === null) return
  const { container, name } = value as { container?: unknown; name?: unknown }
  if (typeof container === 'string' && typeof name === 'string') yield { container, name }
  for (const below of Object.values(value)) yield* referencesIn(below)
}

/** Documents whose references must stay: pointers, the model registry, streams, what MLflow is still to get. */
const KEEPERS = [places.latestPrefix, 'models/', 'streams/', places.mlflowOutboxPrefix]

async function keptBlobs(store: ObjectStore, unfinished: readonly RunRecord[]): Promise<Set<string>> {
  const kept = new Set<string>()
  const keep = async (document: unknown): Promise<void> => {
    for (const ref of referencesIn(document)) {
      if (kept.has(key(ref))) continue
      kept.add(key(ref))
      if (!/_MANIFEST\.\w+\.json$/.test(ref.name)) continue
      for (const part of (await readDocument(store, ref, Manifest))?.value.parts ?? []) kept.add(key(part))
    }
  }
  for (const prefix of KEEPERS) {
    for await (const blob of store.list('pipeline', prefix)) {
      if (!blob.name.endsWith('.json') || blob.name.includes('/versions/')) continue // a version's own files are no references
      const found = await store.readSmall(blob)
      if (found) await keep(JSON.parse(decoder.decode(found.body)))
    }
  }
  for (const record of unfinished) {
    await keep(record)
    for (const other of [record.plan?.of, record.duplicateOf]) if (other) await keep(await readRecord(store, other).catch(() => null))
  }
  return kept
}

/** The version that a run was about is not in bronze any more. */
async function sourceHasGone(store: ObjectStore, { source }: RunRecord): Promise<boolean> {
  const blob = await store.stat(source)
  return blob === null || normalizeEtag(blob.etag) !== normalizeEtag(source.etag)
}

/**
 * Removes the data of runs that ended before a time and that nothing needs: no pointer, model, stream or unfinished run refers to it. Records
 * stay as long as their source does, for without one the source would be run again. Sources are never touched.
 */
export async function purge(store: ObjectStore, { endedBeforeMs, plan = false, signal }: PurgeOptions): Promise<Purged> {
  const records = new Map<string, RunRecord>()
  for (const runId of (await listRunStatuses(store)).keys()) records.set(runId, await readRecord(store, runId))
  const kept = await keptBlobs(store, [...records.values()].filter(({ status }) => !TERMINAL.has(status)))
  const isOld = (runId: string): boolean => {
    const record = records.get(runId)
    return record !== undefined && TERMINAL.has(record.status) && record.endedAt !== null && Date.parse(record.endedAt) < endedBeforeMs
  }
  const runs = new Set<string>()
  let [blobs, bytes, gone] = [0, 0, 0]
  const remove = async (blob: BlobInfo): Promise<void> => {
    blobs += 1
    bytes += blob.bytes
    if (!plan) await store.remove(blob)
  }
  const needed = new Set<string>()
  for (const container of CONTAINERS.filter((name) => name !== 'pipeline')) {
    for await (const blob of store.list(container, RUNS_SEGMENT)) {
      signal?.throwIfAborted()
      const [, , runId = ''] = blob.name.split('/')
      if (kept.has(key(blob))) needed.add(runId)
      else if (isOld(runId)) {
        runs.add(runId)
        await remove(blob)
      }
    }
  }
  if (!plan) {
    // Results that have gone stand for no other source's any more.
    for await (const blob of store.list('pipeline', places.contentPrefix)) {
      if (!isOld(blob.metadata['run_id'] ?? '')) continue
      const found = await store.readSmall(blob)
      if (found && [...referencesIn(JSON.parse(decoder.decode(found.body)))].some((ref) => !kept.has(key(ref)))) await store.remove(blob)
    }
  }
  for (const [runId, record] of records) {
    if (!isOld(runId) || needed.has(runId) || !(await sourceHasGone(store, record))) continue
    gone += 1
    if (plan) continue
    // The record last: what is left after a crash is found by it.
    for (const ref of [places.report(runId), places.claim(record.eventKey), places.record(runId)]) await store.remove(ref)
  }
  return { runs: runs.size, blobs, bytes, records: gone }
}
