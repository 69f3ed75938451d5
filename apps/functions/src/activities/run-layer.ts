import { type LayerResult, type LayerTask, LogpipeError, type Manifest, type ObjectStore, type Part, pinnedParts, places, readManifests, readRecord, type RunRecord, type WarningCode, writeManifest } from '@logpipe/core'
import { checkQuality } from '@logpipe/validation'
import type { App } from '../compose.ts'
import type { JobInput, JobLook, StageDone, StageInput } from '../orchestrators/messages.ts'
import { findDuplicate } from './duplicates.ts'
import { failure } from './failure.ts'

/** The whole numbers of the layer's metrics document (entities, flagged …), where it has one. */
async function metricCounts(store: ObjectStore, parts: readonly Part[]): Promise<Record<string, number>> {
  const part = parts.find(({ output }) => output === 'metrics')
  const blob = part && (await store.readSmall(part))
  const metrics = blob ? (JSON.parse(new TextDecoder().decode(blob.body)) as Record<string, unknown>) : {}
  const counts = Object.entries(metrics).filter(([name, value]) => name !== 'schema_version' && Number.isInteger(value))
  return Object.fromEntries(counts) as Record<string, number>
}

interface Given {
  readonly record: RunRecord
  /** Of the layers before. */
  readonly before: readonly Manifest[]
  readonly task: LayerTask
}

/** What the layer's engine gets. */
async function taskOf(app: App, { runId, stage, attempt, manifests }: StageInput): Promise<Given> {
  const layer = app.definition.layers.find(({ name }) => name === stage)
  if (!layer) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `pipeline.yaml has no layer ${stage}` })
  const [record, before] = await Promise.all([readRecord(app.store, runId), readManifests(app.store, manifests)])
  const { slug, source, params } = record
  const inputs = [...before.flatMap((manifest) => manifest.parts), ...pinnedParts(record)]
  return { record, before, task: { runId, slug, attempt, layer, source, params, inputs, target: places.attempt(layer, slug, runId, attempt) } }
}

/** Seals a layer's result with its manifest. */
async function seal(app: App, { record, before, task: { runId, slug, attempt, layer } }: Given, engine: string, result: LayerResult): Promise<StageDone> {
  const counts = { ...result.counts, ...(await metricCounts(app.store, result.parts)) }
  const findings: WarningCode[] = layer.name === 'silver' ? checkQuality(counts, { ...app.definition.quality }, app.config.quality, runId) : []
  if (record.params.timezoneAssumed && (counts['year_inferred'] ?? 0) > 0) findings.push('TIMEZONE_ASSUMED')
  const ref = places.manifest(layer, slug, runId, attempt)
  const manifest = await writeManifest(app.store, ref, {
    schema: 'logpipe/manifest/1',
    runId,
    layer: layer.name,
    attempt,
    engine,
    definition: app.definition.hash,
    parts: [...result.parts],
    counts,
    warnings: [...result.warnings, ...findings],
    ...(result.contentSha256 === undefined ? {} : { contentSha256: result.contentSha256 }),
  })
  const original = layer.name === 'silver' ? await findDuplicate(app, record, [...before, manifest]) : null
  return { counts: manifest.counts, warnings: manifest.warnings, manifest: { layer: layer.name, ...ref }, ...(original && { original }) }
}

/** Runs one layer on its engine and seals it with its manifest; where the engine runs jobs, begins the layer's job. */
export async function runLayer(app: App, input: StageInput, signal: AbortSignal): Promise<StageDone> {
  const given = await taskOf(app, input)
  const { record, task } = given
  if (app.jobs && record.engine?.name === app.jobs.name) return { counts: {}, warnings: [], begun: await app.jobs.submit(task) }
  return seal(app, given, app.engine.name, await app.engine.runLayer(task, signal))
}

const NO_JOBS = { detail: 'DATABRICKS_HOST is not set any more.' }

/** What became of a layer's job: null while it runs. What the job itself failed with is a value; a look that fails throws. */
export async function lookAtJob(app: App, input: JobInput): Promise<JobLook> {
  if (!app.jobs) throw new LogpipeError('DATABRICKS_SETTING_WRONG', NO_JOBS)
  const given = await taskOf(app, input)
  const seen = await app.jobs.look(given.task, input.job)
  if (seen.state === 'running') return null
  if (seen.state === 'failed') return failure(seen.error)
  const { url, nodeType } = input.job
  const done = await seal(app, given, app.jobs.name, seen.result)
  return { ok: true, value: { ...done, job: { url, nodeType, seconds: seen.seconds, cost: seen.cost } } }
}

/** Asks for the end of a layer's job; true when it has ended. */
export async function endJob(app: App, { job }: JobInput): Promise<boolean> {
  if (!app.jobs) throw new LogpipeError('DATABRICKS_SETTING_WRONG', NO_JOBS)
  return app.jobs.end(job)
}
