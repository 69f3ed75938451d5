import { contentKey, findOriginal, type Manifest, type ManifestRef, noteContent, type Original, type RunRecord, updateRecord } from '@logpipe/core'
import type { App } from '../compose.ts'

/** A run that a person asked for (part of the pipeline, rerun, retry) does its work. */
const mayTakeOver = ({ config }: App, { plan }: RunRecord): boolean => config.duplicates === 'skip' && plan === null

/**
 * Once silver is there: the run that has published the results of the very same content. Noted in the record before anything is taken over, so that
 * a purge meanwhile keeps what is needed.
 */
export async function findDuplicate(app: App, record: RunRecord, manifests: readonly Manifest[]): Promise<Original | null> {
  if (!mayTakeOver(app, record)) return null
  const key = await contentKey(record, manifests, app.definition.hash)
  const original = key === null ? null : await findOriginal(app.store, key)
  if (original === null || original.runId === record.runId) return null
  await updateRecord(app.store, record.runId, (now) => ({ ...now, duplicateOf: original.runId }))
  app.log('info', 'run.duplicate', { runId: record.runId, of: original.runId })
  return original
}

/** After publishing: who drops the same content from now on takes over this run's results, unless they are another run's already. */
export async function noteResults(app: App, record: RunRecord, refs: readonly ManifestRef[], manifests: readonly Manifest[]): Promise<void> {
  if (record.duplicateOf !== null) return
  const key = await contentKey(record, manifests, app.definition.hash)
  if (key !== null) await noteContent(app.store, key, record.runId, refs)
}
