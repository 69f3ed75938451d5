import { admit, type BlobInfo, checkSourceName, type RunRecord, TERMINAL } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'
import type { App } from '../compose.ts'
import { runParams, runPlan } from '../source-settings.ts'
import { keepUnderWay } from './under-way.ts'

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
  if (TERMINAL.has(status) || (await keepUnderWay(app, client, runId)) !== 'started') return
  app.log('info', 'run.started', { runId, trigger, source: source.name })
}
