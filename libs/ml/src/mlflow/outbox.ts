import { type BlobRef, type ObjectStore, places, updateDocument } from '@logpipe/core'
import { OutboxEntry, Tracking, trackingDigest } from './documents.ts'

/** Metadata of an entry's blob, so that one listing tells what is due. */
const metadata = ({ dueMs, state }: OutboxEntry): Record<string, string> => ({ due_ms: String(dueMs), state })

/** An entry as the listing tells it. */
export interface Listed {
  readonly ref: BlobRef
  readonly runId: string
  readonly dueMs: number
  readonly state: OutboxEntry['state']
}

/**
 * Puts down what MLflow is to know, before any call to it. The same result again is the same entry; one that was given up is tried anew.
 * Throws ZodError for what MLflow could never take, and the store's errors.
 */
export async function enqueueTracking(store: ObjectStore, tracking: Tracking, nowMs: number): Promise<void> {
  const checked = Tracking.parse(tracking)
  const entry: OutboxEntry = {
    schema: 'logpipe/mlflow-outbox/1',
    tracking: checked,
    enqueuedMs: nowMs,
    dueMs: nowMs,
    state: 'waiting',
    tries: 0,
    refusals: 0,
    reason: null,
  }
  const ref = places.mlflowEntry(checked.runId, await trackingDigest(checked))
  await updateDocument(store, ref, OutboxEntry, (current) => (current === null || current.state === 'given_up' ? entry : null), metadata)
}

/** All entries in the order of their turn: untried ones by age, one that failed behind all that came before its next try. */
export async function listOutbox(store: ObjectStore): Promise<Listed[]> {
  const entries: Listed[] = []
  for await (const { container, name, metadata: said } of store.list('pipeline', places.mlflowOutboxPrefix)) {
    const runId = name.slice(places.mlflowOutboxPrefix.length).split('.')[0]!
    entries.push({ ref: { container, name }, runId, dueMs: Number(said['due_ms'] ?? 0), state: said['state'] === 'given_up' ? 'given_up' : 'waiting' })
  }
  return entries.sort((a, b) => a.dueMs - b.dueMs || (a.ref.name < b.ref.name ? -1 : 1))
}

export async function updateEntry(store: ObjectStore, ref: BlobRef, change: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
  await updateDocument(store, ref, OutboxEntry, (current) => current && change(current), metadata)
}
