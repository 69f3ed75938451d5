import { LogpipeError, places, readRecord, writeManifest } from '@logpipe/core'
import { checkQuality } from '@logpipe/validation'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'
import { readManifests } from './manifests.ts'

/** Runs one layer on the engine and seals it with its manifest. */
export async function runLayer(app: App, { runId, stage, attempt, manifests }: StageInput): Promise<StageDone> {
  const layer = app.definition.layers.find(({ name }) => name === stage)
  if (!layer) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `pipeline.yaml has no layer ${stage}` })
  const [record, before] = await Promise.all([readRecord(app.store, runId), readManifests(app.store, manifests)])
  const { slug, source, params } = record
  const result = await app.engine.runLayer(
    {
      runId,
      slug,
      attempt,
      layer,
      source,
      params,
      inputs: before.flatMap((manifest) => manifest.parts),
      target: places.attempt(layer, slug, runId, attempt),
    },
    new AbortController().signal,
  )
  checkQuality(stage, result.counts, app.config.quality, runId)
  const ref = places.manifest(layer, slug, runId, attempt)
  const manifest = await writeManifest(app.store, ref, {
    schema: 'logpipe/manifest/1',
    runId,
    layer: layer.name,
    attempt,
    engine: app.engine.name,
    definition: app.definition.hash,
    parts: [...result.parts],
    counts: { ...result.counts },
    warnings: [...result.warnings],
  })
  return { counts: manifest.counts, warnings: manifest.warnings, manifest: { layer: stage, ...ref } }
}
