import { LogpipeError } from '../errors/error.ts'
import type { Clock, ObjectStore } from '../ports.ts'
import { STAGES, type StageName } from '../stages.ts'
import { pendingStages } from './admit.ts'
import { type RunRecord, type StageRecord, TERMINAL } from './documents.ts'
import { toJsonBytes } from './json-blob.ts'
import { places } from './places.ts'

const indexOf = (name: StageName): number => STAGES.findIndex((stage) => stage.name === name)
const FIRST = STAGES[0].name
const LAST: StageName = STAGES.at(-1)?.name ?? FIRST

const DONE: readonly (string | undefined)[] = ['succeeded', 'reused'] satisfies StageRecord['status'][]

/** The first stage that is not done; the first of all where all are. */
const unfinished = ({ stages }: RunRecord): StageName => STAGES.find(({ name }) => !DONE.includes(stages.find((stage) => stage.name === name)?.status))?.name ?? FIRST

/**
 * A run of its own over the same version of the same source, with the very same parameters, baseline and judgements. Stages before `from`
 * (default: where the run ended badly) are taken over. Throws RUN_NOT_ENDED, STAGE_NOT_REUSABLE.
 */
export async function createRerun(
  deps: { store: ObjectStore; clock: Clock },
  of: RunRecord,
  trigger: RunRecord['trigger'],
  { from = unfinished(of), until = LAST }: { from?: StageName | undefined; until?: StageName | undefined } = {},
): Promise<RunRecord> {
  if (!TERMINAL.has(of.status)) throw new LogpipeError('RUN_NOT_ENDED', { runId: of.runId, status: of.status })
  for (const { name, kind } of STAGES.slice(0, indexOf(from))) {
    if (kind === 'layer' && !of.manifests.some(({ layer }) => layer === name)) throw new LogpipeError('STAGE_NOT_REUSABLE', { runId: of.runId, stage: name })
  }
  const base = of.runId.replace(/-r\d+$/, '')
  for (let n = 2; ; n += 1) {
    const record: RunRecord = {
      ...of,
      runId: `${base}-r${n}`,
      trigger,
      plan: { of: of.runId, from, until },
      cancelRequestedAt: null,
      workers: [],
      manifests: [],
      duplicateOf: null,
      status: 'queued',
      queuedAt: new Date(deps.clock.now()).toISOString(),
      startedAt: null,
      endedAt: null,
      stages: pendingStages(),
      error: null,
    }
    if ((await deps.store.create(places.record(record.runId), toJsonBytes(record), { status: record.status })).outcome === 'created') return record
  }
}
