import { Manifest, sha256Text } from '@logpipe/core'
import { z } from 'zod'

/** Names that MLflow takes everywhere and that need no quoting in its filters. */
const Name = z.string().regex(/^[A-Za-z0-9_.-]{1,200}$/)
/** 5000 bytes is what every backend of MLflow keeps. */
const Texts = z.record(Name, z.string().max(5000)).refine((texts) => Object.keys(texts).length <= 90, 'at most 90')
const ArtifactPath = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/)

/** What MLflow is to know of one run. */
export const Tracking = z.strictObject({
  runId: z.string().regex(/^[a-z0-9-]+$/),
  /** Of the run, UTC ISO 8601. */
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Never changed once they are tracked. */
  params: Texts,
  metrics: z.record(Name, z.number()).refine((metrics) => Object.keys(metrics).length <= 900, 'at most 900'),
  tags: Texts,
  /** Files by reference; each is held to its sha256 when it is sent, and is at most 16 MiB. */
  artifacts: z.array(z.strictObject({ path: ArtifactPath, part: Manifest.shape.parts.element })).max(100),
  /** The model version that the run made: `path` is the folder of its files among the artifacts. */
  model: z.strictObject({ name: Name, version: z.string().regex(/^[0-9a-f]{16}$/), path: ArtifactPath }).nullable(),
})
export type Tracking = z.infer<typeof Tracking>

/** One document of the outbox. */
export const OutboxEntry = z.strictObject({
  schema: z.literal('logpipe/mlflow-outbox/1'),
  tracking: Tracking,
  enqueuedMs: z.int(),
  /** Not tried before. */
  dueMs: z.int(),
  /** `given_up` stays with its reason until the same is enqueued again. */
  state: z.enum(['waiting', 'given_up']),
  /** Failed tries; those when MLflow was down do not count against the entry. */
  tries: z.int(),
  refusals: z.int(),
  reason: z.string().nullable(),
})
export type OutboxEntry = z.infer<typeof OutboxEntry>

const ModelVersion = z.strictObject({ name: Name, version: z.string() })

/** What the drains of all workers share. */
export const OutboxState = z.strictObject({
  schema: z.literal('logpipe/mlflow-outbox-state/1'),
  /** One drain at a time: MLflow itself would make two runs of two creates. */
  leaseUntilMs: z.int(),
  /** MLflow failed: left alone until then. */
  pausedUntilMs: z.int(),
  reason: z.string().nullable(),
  /** The version that MLflow's alias was last set to. */
  current: ModelVersion.nullable(),
})
export type OutboxState = z.infer<typeof OutboxState>

/** 16 hex over what does not change when the same result is tracked again: another result of the same run is another MLflow run. */
export async function trackingDigest({ runId, params, metrics, artifacts, model }: Tracking): Promise<string> {
  const sorted = (record: Record<string, unknown>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
  const files = artifacts.map(({ path, part }) => [path, part.sha256]).sort()
  return (await sha256Text(JSON.stringify([runId, sorted(params), sorted(metrics), files, model]))).slice(0, 16)
}
