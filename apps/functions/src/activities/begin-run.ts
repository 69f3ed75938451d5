import { readRecord, updateRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { Begun } from '../orchestrators/messages.ts'
import { checkMetadata } from '../source-settings.ts'

/** Marks the run as running and settles what must not change while it runs. */
export async function beginRun(app: App, { runId, startedAt }: { runId: string; startedAt: string }): Promise<Begun> {
  await updateRecord(app.store, runId, (record) => ({ ...record, status: 'running', startedAt: record.startedAt ?? startedAt, pinned: record.pinned ?? { model: null, stream: null, judgements: null } }))
  const blob = await app.store.stat((await readRecord(app.store, runId)).source)
  if (blob) checkMetadata(blob) // one that is gone is bronze's to tell
  return { maxAttempts: app.config.stageAttempts }
}
