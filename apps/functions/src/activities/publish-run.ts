import { commitPointer, LogpipeError, readRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'

/** The commit point: one conditional write makes all outputs of the run visible together. */
export async function publishRun(app: App, { runId, manifests }: StageInput): Promise<StageDone> {
  const { slug, source } = await readRecord(app.store, runId)
  const blob = await app.store.stat(source)
  if (blob?.etag !== source.etag) throw new LogpipeError('SOURCE_CHANGED', { ...source })
  const { moved } = await commitPointer(app.store, {
    schema: 'logpipe/latest/1',
    slug,
    runId,
    source,
    sourceModifiedMs: blob.modifiedMs,
    publishedMs: app.clock.now(),
    manifests: [...manifests],
  })
  return { counts: { published: moved ? 1 : 0 }, warnings: [] }
}
