import { commitPointer, commitStream, LogpipeError, type Manifest, readManifests, readRecord, type StreamFile } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'
import { noteResults } from './duplicates.ts'

/** The commit point: one conditional write makes all outputs of the run visible together. */
export async function publishRun(app: App, { runId, manifests: refs }: StageInput): Promise<StageDone> {
  const [record, manifests] = await Promise.all([readRecord(app.store, runId), readManifests(app.store, refs)])
  const { slug, source, params } = record
  const blob = await app.store.stat(source)
  if (blob?.etag !== source.etag) throw new LogpipeError('SOURCE_CHANGED', { ...source })
  const { moved } = await commitPointer(app.store, {
    schema: 'logpipe/latest/1',
    slug,
    runId,
    source,
    sourceModifiedMs: blob.modifiedMs,
    publishedMs: app.clock.now(),
    manifests: [...refs],
  })
  if (moved && params.stream !== null) await handOn(app, params.stream, { slug, runId, sourceModifiedMs: blob.modifiedMs }, manifests)
  if (moved) await noteResults(app, record, refs, manifests)
  return { counts: { published: moved ? 1 : 0 }, warnings: [] }
}

/** The end of this file goes to the one that follows it in the stream. */
async function handOn(app: App, stream: string, file: Omit<StreamFile, 'carry'>, manifests: readonly Manifest[]): Promise<void> {
  const carry = manifests.flatMap(({ parts }) => parts).find(({ output }) => output === 'carry')
  if (carry) await commitStream(app.store, stream, { ...file, carry })
}
