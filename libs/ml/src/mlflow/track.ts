import { LogpipeError, type ObjectStore, type Part } from '@logpipe/core'
import type { MlflowApi, MlflowRun } from './client.ts'
import { type Tracking, trackingDigest } from './documents.ts'

/** Tag of a model version: the id that logpipe's own registry gives it. */
export const VERSION_TAG = 'logpipe.model_version'

/**
 * Brings one run with everything to MLflow. Each step first looks for what is there, so that it may be called again after a crash or a
 * lost answer at any point: it goes on where the last try ended, and a run that MLflow has as FINISHED is complete.
 */
export async function track(api: MlflowApi, experiment: string, tracking: Tracking, store: ObjectStore): Promise<void> {
  const run = await theRun(api, await api.experimentId(experiment), tracking)
  if (run.finished) return
  const { params, metrics, tags, artifacts, model } = tracking
  const endMs = Date.parse(tracking.endedAt)
  await api.logBatch(run.id, { params, metrics, tags, timestampMs: endMs })
  for (const { path, part } of artifacts) await api.putArtifact(run, path, await readPart(store, part))
  if (model) await ensureVersion(api, run, model, tracking.runId)
  await api.finishRun(run.id, endMs)
}

/**
 * MLflow has no create-if-absent for runs: after a create whose answer came late there may be twins. All tries keep the same one: the
 * finished one, else the lowest id.
 */
async function theRun(api: MlflowApi, experimentId: string, tracking: Tracking): Promise<MlflowRun> {
  const identity = { 'logpipe.run_id': tracking.runId, 'logpipe.tracking': await trackingDigest(tracking) }
  if ((await api.findRuns(experimentId, identity)).length === 0) {
    await api.createRun(experimentId, tracking.runId, Date.parse(tracking.startedAt), { ...identity, 'mlflow.source.name': 'logpipe' })
  }
  const found = await api.findRuns(experimentId, identity)
  const [run, ...twins] = found.sort((a, b) => Number(b.finished) - Number(a.finished) || (a.id < b.id ? -1 : 1))
  if (!run) throw new LogpipeError('MLFLOW_REJECTED', { call: 'runs/search', detail: 'The run that was just made is not found.' })
  for (const twin of twins) await api.deleteRun(twin.id)
  return run
}

async function ensureVersion(api: MlflowApi, run: MlflowRun, { name, version, path }: NonNullable<Tracking['model']>, runId: string): Promise<void> {
  await api.ensureModel(name)
  const identity = { [VERSION_TAG]: version }
  if ((await api.findVersions(name, identity)).length === 0) await api.createVersion(name, run, path, { ...identity, 'logpipe.run_id': runId })
  // The oldest stays: a twin that comes late has a higher number.
  for (const twin of (await api.findVersions(name, identity)).slice(1)) await api.deleteVersion(name, twin.version)
}

/** Throws OUTPUT_MISSING, OUTPUT_CORRUPT. */
async function readPart(store: ObjectStore, part: Part): Promise<Uint8Array> {
  const blob = await store.readSmall(part)
  if (!blob) throw new LogpipeError('OUTPUT_MISSING', { name: part.name })
  const found = Buffer.from(await crypto.subtle.digest('SHA-256', blob.body as Uint8Array<ArrayBuffer>)).toString('hex')
  if (found !== part.sha256) throw new LogpipeError('OUTPUT_CORRUPT', { name: part.name, found, expected: part.sha256 })
  return blob.body
}
