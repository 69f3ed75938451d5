import { LogpipeError, type ObjectStore, type Part, pinnedParts, places, readRecord, type WarningCode, writeManifest } from '@logpipe/core'
import { checkQuality } from '@logpipe/validation'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'
import { findDuplicate } from './duplicates.ts'
import { readManifests } from './manifests.ts'

/** The whole numbers of the layer's metrics document (entities, flagged …), where it has one. */
async function metricCounts(store: ObjectStore, parts: readonly Part[]): Promise<Record<string, number>> {
  const part = parts.find(({ output }) => output === 'metrics')
  const blob = part && (await store.readSmall(part))
  const metrics = blob ? (JSON.parse(new TextDecoder().decode(blob.body)) as Record<string, unknown>) : {}
  const counts = Object.entries(metrics).filter(([name, value]) => name !== 'schema_version' && Number.isInteger(value))
  return Object.fromEntries(counts) as Record<string, number>
}

/** Runs one layer on the engine and seals it with its manifest. */
export async function runLayer(app: App, { runId, stage, attempt, manifests }: StageInput, signal: AbortSignal): Promise<StageDone> {
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
      inputs: [...before.flatMap((manifest) => manifest.parts), ...pinnedParts(record)],
      target: places.attempt(layer, slug, runId, attempt),
    },
    signal,
  )
  const counts = { ...result.counts, ...(await metricCounts(app.store, result.parts)) }
  const findings: WarningCode[] = stage === 'silver' ? checkQuality(counts, { ...app.definition.quality }, app.config.quality, runId) : []
  if (params.timezoneAssumed && (counts['year_inferred'] ?? 0) > 0) findings.push('TIMEZONE_ASSUMED')
  const ref = places.manifest(layer, slug, runId, attempt)
  const manifest = await writeManifest(app.store, ref, {
    schema: 'logpipe/manifest/1',
    runId,
    layer: layer.name,
    attempt,
    engine: app.engine.name,
    definition: app.definition.hash,
    parts: [...result.parts],
    counts,
    warnings: [...result.warnings, ...findings],
    ...(result.contentSha256 === undefined ? {} : { contentSha256: result.contentSha256 }),
  })
  const original = stage === 'silver' ? await findDuplicate(app, record, [...before, manifest]) : null
  return { counts: manifest.counts, warnings: manifest.warnings, manifest: { layer: stage, ...ref }, ...(original && { original }) }
}
