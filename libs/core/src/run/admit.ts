import { z } from 'zod'
import type { Clock, ObjectStore, SourceRef } from '../ports.ts'
import { STAGES } from '../stages.ts'
import type { Plan, RunRecord, StageRecord } from './documents.ts'
import { RunRecord as RunRecordSchema } from './documents.ts'
import { runIdentity } from './identity.ts'
import { readDocument, toJsonBytes } from './json-blob.ts'
import { places } from './places.ts'

const Claim = z.object({ runId: z.string(), claimedAt: z.string() })

/** All stages, none begun. */
export const pendingStages = (): StageRecord[] => STAGES.map(({ name }) => pendingStage(name))

const pendingStage = (name: string): StageRecord => ({
  name,
  status: 'pending',
  startedAt: null,
  endedAt: null,
  attempts: 0,
  counts: {},
  warnings: [],
  error: null,
})

export interface Admission {
  readonly record: RunRecord
  /** False when another trigger had this version of the file before. */
  readonly first: boolean
}

/**
 * The door of all triggers: one version of one file is one run, whoever sees it first and however often it is seen. The claim
 * (If-None-Match) decides who is first; a starter that died between claim and record is healed by the next one that comes.
 */
export async function admit(
  deps: { store: ObjectStore; clock: Clock; account: string },
  source: SourceRef,
  trigger: RunRecord['trigger'],
  params: RunRecord['params'],
  plan: Plan | null = null,
): Promise<Admission> {
  const identity = await runIdentity(deps.account, source)
  const now = new Date(deps.clock.now()).toISOString()
  const claimed = await deps.store.create(places.claim(identity.eventKey), toJsonBytes(Claim.parse({ runId: identity.runId, claimedAt: now })))
  const record: RunRecord = {
    schema: 'logpipe/run/1',
    ...identity,
    source,
    trigger,
    params,
    pinned: null,
    status: 'queued',
    queuedAt: now,
    startedAt: null,
    endedAt: null,
    plan,
    engine: null,
    cancelRequestedAt: null,
    workers: [],
    manifests: [],
    duplicateOf: null,
    stages: pendingStages(),
    error: null,
  }
  const created = await deps.store.create(places.record(identity.runId), toJsonBytes(record), { status: record.status })
  const first = claimed.outcome === 'created'
  if (created.outcome === 'created') return { record, first }
  const existing = await readDocument(deps.store, places.record(identity.runId), RunRecordSchema)
  return { record: existing?.value ?? record, first }
}
