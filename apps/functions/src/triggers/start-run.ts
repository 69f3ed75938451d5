import { admit, type BlobInfo, checkSourceName, type RunRecord, TERMINAL } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'
import type { App } from '../compose.ts'
import { ORCHESTRATOR } from '../orchestrators/names.ts'
import { runParams, runPlan } from '../source-settings.ts'

/**
 * Every way in comes through here: admits this version of the source and starts its orchestration unless it runs or ended. Safe to call any
 * number of times, also at once.
 */
export async function startRun(app: App, client: DurableClient, blob: BlobInfo, trigger: RunRecord['trigger']): Promise<{ record: RunRecord; first: boolean }> {
  checkSourceName(blob.name)
  const source = { container: blob.container, name: blob.name, etag: blob.etag, bytes: blob.bytes }
  const admission = await admit({ ...app, account: app.store.account }, source, trigger, runParams(app.config, blob), runPlan(blob))
  await startRecord(app, client, admission.record)
  return admission
}

/** Starts the orchestration of an admitted run unless it runs or ended. */
export async function startRecord(app: App, client: DurableClient, { runId, status, trigger, source }: RunRecord): Promise<void> {
  if (TERMINAL.has(status) || (await isUnderWay(client, runId))) return
  await client.startNew(ORCHESTRATOR, { instanceId: runId, input: { runId } }).catch(async (error: unknown) => {
    // Another trigger may have started it between the look and the start.
    if (!(await isUnderWay(client, runId))) throw error
  })
  app.log('info', 'run.started', { runId, trigger, source: source.name })
}

export async function isUnderWay(client: DurableClient, runId: string): Promise<boolean> {
  try {
    const { runtimeStatus } = await client.getStatus(runId)
    return ['Running', 'Pending', 'ContinuedAsNew', 'Suspended'].includes(runtimeStatus)
  } catch {
    return false // the client answers an unknown instance with an error
  }
}
