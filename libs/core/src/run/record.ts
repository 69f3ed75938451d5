import type { ObjectStore, Part } from '../ports.ts'
import { LogpipeError } from '../errors/error.ts'
import { RunRecord } from './documents.ts'
import { readDocument, updateDocument } from './json-blob.ts'
import { places } from './places.ts'

/** Throws RUN_NOT_FOUND. */
export async function readRecord(store: ObjectStore, runId: string): Promise<RunRecord> {
  const found = /^[a-z0-9-]+$/.test(runId) ? await readDocument(store, places.record(runId), RunRecord) : null
  if (!found) throw new LogpipeError('RUN_NOT_FOUND', { runId })
  return found.value
}

/** Parts of the context that the run was given. */
export const pinnedParts = ({ pinned }: Pick<RunRecord, 'pinned'>): Part[] =>
  pinned === null ? [] : [...(pinned.model?.parts ?? []), ...(pinned.stream?.parts ?? []), ...(pinned.judgements === null ? [] : [pinned.judgements])]

/** Changes a record by If-Match; its status stands in the blob's metadata too, so that a listing tells it without reading. */
export async function updateRecord(store: ObjectStore, runId: string, change: (record: RunRecord) => RunRecord): Promise<RunRecord> {
  const record = await updateDocument(
    store,
    places.record(runId),
    RunRecord,
    (current) => current && change(current),
    (value) => ({ status: value.status }),
  )
  if (!record) throw new LogpipeError('RUN_NOT_FOUND', { runId })
  return record
}

/** Run id → status of every run, by one listing. */
export async function listRunStatuses(store: ObjectStore): Promise<Map<string, string>> {
  const runs = new Map<string, string>()
  for await (const blob of store.list('pipeline', places.recordsPrefix)) {
    const runId = /^runs\/([^/]+)\/record\.json$/.exec(blob.name)?.[1]
    if (runId) runs.set(runId, blob.metadata['status'] ?? 'queued')
  }
  return runs
}
