import { type BlobInfo, type Pinned, precedingFile, type RunRecord } from '@logpipe/core'
import { pinJudgements } from '@logpipe/core/judgements'
import { pinModel } from '@logpipe/ml'
import type { App } from '../compose.ts'
import { registryOf } from './learn-from-run.ts'

/** What a run is given besides its source, as it is now. */
export async function pinContext(app: App, { slug, params }: Pick<RunRecord, 'slug' | 'params'>, blob: BlobInfo | null): Promise<Pinned> {
  const [{ model, warnings }, before, judgements] = await Promise.all([
    pinModel(registryOf(app), slug),
    params.stream === null ? null : precedingFile(app.store, params.stream, slug, blob?.modifiedMs ?? params.baseTimeMs),
    pinJudgements(app.store, params.baseTimeMs),
  ])
  const stream = before && params.stream !== null ? { name: params.stream, runId: before.runId, parts: [{ ...before.carry, output: 'carried' }] } : null
  return { model, stream, judgements, warnings }
}
