import { LogpipeError, type ManifestRef, readRecord, type RunRecord, STAGES, type StageName, updateRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { Begun } from '../orchestrators/messages.ts'
import { chooseEngine } from '../engine.ts'
import { checkMetadata } from '../source-settings.ts'
import { pinContext } from './pin.ts'

const LAST: StageName = STAGES.at(-1)?.name ?? STAGES[0].name

/** Manifests of the layers that a rerun takes over. Throws OUTPUT_MISSING when the earlier run's record has gone. */
export async function takenOver(app: App, { plan }: RunRecord): Promise<ManifestRef[]> {
  if (plan === null || plan.of === null) return []
  const { manifests } = await readRecord(app.store, plan.of)
  const before = STAGES.slice(0, STAGES.findIndex(({ name }) => name === plan.from))
  return before.flatMap(({ name, kind }) => {
    const found = manifests.find(({ layer }) => layer === name)
    if (kind === 'layer' && !found) throw new LogpipeError('OUTPUT_MISSING', { name: `${name} of ${plan.of ?? ''}` })
    return found ? [found] : []
  })
}

/** Marks the run as running and settles what must not change while it runs: what is pinned once stays, also for retry and rerun. */
export async function beginRun(app: App, { runId, startedAt }: { runId: string; startedAt: string }): Promise<Begun> {
  const found = await readRecord(app.store, runId)
  if (found.cancelRequestedAt !== null) throw new LogpipeError('RUN_CANCELLED', { runId })
  const blob = await app.store.stat(found.source)
  const pinned = found.pinned ?? (await pinContext(app, found, blob))
  const engine = chooseEngine(app.config, found.source.bytes, blob?.metadata['engine'])
  const record = await updateRecord(app.store, runId, (now) => ({
    ...now, status: 'running', startedAt: now.startedAt ?? startedAt, pinned: now.pinned ?? pinned, engine: now.engine ?? engine,
  }))
  if (blob) checkMetadata(blob) // one that is gone is bronze's to tell
  if (record.engine?.name === 'databricks' && !app.jobs) throw new LogpipeError('DATABRICKS_SETTING_WRONG', { detail: 'DATABRICKS_HOST is not set.' })
  const { from, until } = record.plan ?? { from: STAGES[0].name, until: LAST }
  return { maxAttempts: app.config.stageAttempts, from, until, reused: await takenOver(app, record) }
}
