import { updateRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { Begun } from '../orchestrators/messages.ts'

/** Marks the run as running and settles what must not change while it runs. */
export async function beginRun(app: App, { runId, startedAt }: { runId: string; startedAt: string }): Promise<Begun> {
  await updateRecord(app.store, runId, (record) => ({ ...record, status: 'running', startedAt: record.startedAt ?? startedAt }))
  return { maxAttempts: app.config.stageAttempts }
}
