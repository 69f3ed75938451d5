import { type ManifestRef, readManifests, type RunRecord, RUNS_SEGMENT, type StageRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import { takenOver } from './begin-run.ts'

/** The newest sealed attempt of a layer. */
async function sealed({ store }: App, { slug, runId }: RunRecord, { name, container }: { name: string; container: string }): Promise<ManifestRef | null> {
  let newest = { attempt: 0, name: '' }
  for await (const blob of store.list(container, `${RUNS_SEGMENT}${slug}/${runId}/`)) {
    const attempt = Number(new RegExp(`/attempt=(\\d+)/_MANIFEST\\.${name}\\.json$`).exec(blob.name)?.[1] ?? 0)
    if (attempt > newest.attempt) newest = { attempt, name: blob.name }
  }
  return newest.attempt > 0 ? { layer: name, container, name: newest.name } : null
}

/**
 * What a run has done that lost its orchestration, as storage tells: its layers up to the first that is not sealed, taken over or its own, and the stages
 * that say so. A retry goes on from there.
 */
export async function sealedLayers(app: App, record: RunRecord): Promise<{ manifests: ManifestRef[]; stages: StageRecord[] }> {
  const manifests = await takenOver(app, record).catch((): ManifestRef[] => [])
  const reused = new Set(manifests.map(({ layer }) => layer))
  for (const layer of app.definition.layers.filter(({ name }) => !reused.has(name))) {
    const found = await sealed(app, record, layer)
    if (!found) break
    manifests.push(found)
  }
  const done = new Map((await readManifests(app.store, manifests)).map((manifest) => [manifest.layer as string, manifest]))
  const stages = record.stages.map((stage): StageRecord => {
    const manifest = done.get(stage.name)
    if (!manifest) return stage
    if (reused.has(stage.name)) return { ...stage, status: 'reused' }
    return { ...stage, status: 'succeeded', attempts: manifest.attempt, counts: manifest.counts, warnings: manifest.warnings }
  })
  return { manifests, stages }
}
