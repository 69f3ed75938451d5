import { admit, type BlobInfo, checkSourceName, enqueue, type RunRecord, TERMINAL } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'
import type { App } from '../compose.ts'
import { runParams, runPlan } from '../source-settings.ts'
import { dispatch } from './dispatch.ts'
import { isUnderWay } from './under-way.ts'

/**
 * Every way in comes through here: admits this version of the source and starts it, or lets it wait for its turn, unless it runs or ended. Safe to call any
 * number of times, also at once.
 */
export async function startRun(app: App, client: DurableClient, blob: BlobInfo, trigger: RunRecord['trigger']): Promise<{ record: RunRecord; first: boolean }> {
  checkSourceName(blob.name)
  const source = { container: blob.container, name: blob.name, etag: blob.etag, bytes: blob.bytes }
  const admission = await admit({ ...app, account: app.store.account }, source, trigger, runParams(app.config, blob), runPlan(blob))
  await startRecord(app, client, admission.record)
  return admission
}

/** Gives an admitted run its turn, or its place in the queue, unless it runs or ended. */
export async function startRecord(app: App, client: DurableClient, record: RunRecord): Promise<void> {
  if (TERMINAL.has(record.status) || (await isUnderWay(client, record.runId))) return
  await enqueue(app.store, record)
  await dispatch(app, client)
}
