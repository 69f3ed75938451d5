import { latestPointer, LogpipeError, readManifests, readRecord } from '@logpipe/core'
import { learn, type RegistryDeps } from '@logpipe/ml'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'
import { trackRun } from './track-run.ts'

/** Files that the model takes from a run. */
const OUTPUTS: readonly string[] = ['model', 'model_values', 'model_logins', 'model_hours']

export const registryOf = ({ store, clock, definition, config }: App): RegistryDeps =>
  ({ store, clock, definitionHash: definition.hash, limits: { sources: config.model.sources, versions: config.model.versions } })

/**
 * What a published run learnt becomes part of the model. Delivered twice, or late, it changes nothing: the registry is a fold over a set, and a
 * run that is not what its source's pointer names any more has nothing to teach.
 */
export async function learnFromRun(app: App, { runId, manifests }: StageInput): Promise<StageDone> {
  const { slug, duplicateOf } = await readRecord(app.store, runId)
  const pointer = await latestPointer(app.store, slug)
  if (pointer?.runId !== runId) return { counts: {}, warnings: [] }
  const parts = (await readManifests(app.store, manifests)).flatMap((manifest) => manifest.parts)
  const events = parts.find(({ output }) => output === 'events')
  if (!events) throw new LogpipeError('OUTPUT_MISSING', { name: 'events' })
  const learned = await learn(registryOf(app), {
    slug,
    contentKey: events.sha256,
    runId,
    modifiedMs: pointer.sourceModifiedMs,
    publishedMs: pointer.publishedMs,
    parts: parts.filter(({ output }) => OUTPUTS.includes(output)),
  })
  app.log('info', 'model.learned', { runId, version: learned.version, current: learned.current, sources: learned.parts })
  const warnings = duplicateOf === null ? await trackRun(app, runId, parts, learned.version) : [] // its figures are another run's
  return { counts: { sources: learned.parts }, warnings: learned.lost > 0 ? ['MODEL_PARTS_LOST', ...warnings] : warnings }
}
