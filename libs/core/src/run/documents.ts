import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../errors/catalogue.ts'
import { STAGES, type StageName } from '../stages.ts'

const StageNameSchema = z.enum(STAGES.map(({ name }) => name) as [StageName, ...StageName[]])

/** The JSON documents that logpipe keeps in storage. Each carries `schema` so that an old reader refuses a new form by name. */

const Sha = z.string().regex(/^[0-9a-f]{64}$/)
export const ManifestPart = z.object({
  output: z.string(),
  container: z.string(),
  name: z.string(),
  bytes: z.int().min(0),
  sha256: Sha,
  rows: z.int().min(0).nullable(),
})

export const Manifest = z.object({
  schema: z.literal('logpipe/manifest/1'),
  runId: z.string(),
  layer: z.enum(['bronze', 'silver', 'gold', 'ml']),
  attempt: z.int().min(1),
  engine: z.string(),
  definition: z.string(),
  parts: z.array(ManifestPart),
  counts: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  /** Of the source's bytes, decompressed; in bronze's manifest. */
  contentSha256: Sha.optional(),
})

export const RunStatus = z.enum(['queued', 'running', 'succeeded', 'degraded', 'failed', 'cancelled', 'superseded', 'duplicate'])

export const StageRecord = z.object({
  name: z.string(),
  /** `reused`: another run of the same source, or of the same content, did it. */
  status: z.enum(['pending', 'running', 'succeeded', 'failed', 'skipped', 'reused']),
  /** UTC, ISO 8601. */
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  attempts: z.int().min(0),
  counts: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  error: z.object({ code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]), message: z.string(), cause: z.string(), fix: z.string(), docs: z.string() }).nullable(),
  /** Where the layer ran as a job somewhere else; seconds and the estimated cost once it has ended. */
  job: z.object({ url: z.string(), nodeType: z.string(), seconds: z.number().nullable(), cost: z.number().nullable() }).optional(),
})

export const Source = z.object({ container: z.string(), name: z.string(), etag: z.string(), bytes: z.int().min(0) })

/**
 * What a run is given besides its source, settled by its first step and kept by retry and rerun: the model version that is its baseline, the carry
 * of the file before it in its stream, and the judgements of people. Each part fills the context relation that its `output` names.
 */
export const Pinned = z.object({
  model: z.object({ version: z.string(), parts: z.array(ManifestPart) }).nullable(),
  stream: z.object({ name: z.string(), runId: z.string(), parts: z.array(ManifestPart) }).nullable(),
  judgements: ManifestPart.nullable(),
  /** Findings while it was settled, as codes of the error catalogue. */
  warnings: z.array(z.string()).default([]),
})

/** Where a layer's manifest lies. */
export const ManifestRef = z.object({ layer: z.string(), container: z.string(), name: z.string() })

/** A part of the pipeline: the stages `from` to `until`, both included; those before `from` are taken over from the run `of`. */
export const Plan = z.object({ of: z.string().nullable(), from: StageNameSchema, until: StageNameSchema })

export const RunRecord = z.object({
  schema: z.literal('logpipe/run/1'),
  runId: z.string(),
  slug: z.string(),
  eventKey: z.string(),
  source: Source,
  /** What started it. */
  trigger: z.enum(['blob', 'http', 'timer', 'cli']),
  params: z.object({
    timezone: z.string(),
    /** Nobody chose the zone. */
    timezoneAssumed: z.boolean().default(false),
    baseTimeMs: z.number(),
    /** Files of one stream follow each other: rotated logs. */
    stream: z.string().nullable().default(null),
  }),
  /** Null until the run begins. */
  pinned: Pinned.nullable().default(null),
  /** Null: the whole pipeline. */
  plan: Plan.nullable().default(null),
  /** What its layers run on and why; null until the run begins. */
  engine: z.object({ name: z.string(), why: z.string() }).nullable().default(null),
  /** When a person asked for its end. */
  cancelRequestedAt: z.string().nullable().default(null),
  /** Processes that worked on it, in order: more than one means that it was resumed. */
  workers: z.array(z.string()).default([]),
  /** The manifests of its layers, its own or taken over; once it has ended. */
  manifests: z.array(ManifestRef).default([]),
  /** The run that has the same content, whose gold and ml this one has taken over. */
  duplicateOf: z.string().nullable().default(null),
  status: RunStatus,
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  stages: z.array(StageRecord),
  error: StageRecord.shape.error,
})

export const Report = RunRecord.extend({
  schema: z.literal('logpipe/report/1'),
  target: z.string(),
  engine: z.object({ name: z.string(), why: z.string() }),
  definition: z.object({ name: z.string(), version: z.int(), hash: z.string() }),
  /** Hex sha256 of the source's bytes, decompressed; null where bronze did not end. */
  contentSha256: Sha.nullable().default(null),
  summary: z.object({
    lines: z.int(),
    parsed: z.int(),
    quarantined: z.int(),
    failedLogins: z.int(),
    acceptedLogins: z.int(),
    flagged: z.int(),
  }),
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), seen: z.string() })),
  artifacts: z.array(ManifestPart),
  services: z.array(z.object({ name: z.string(), url: z.string().nullable(), state: z.string(), detail: z.string() })),
  warnings: z.array(z.object({ code: z.string(), text: z.string() })),
})

/** The commit point: readers go pointer → manifests → parts, never by listing. */
export const Pointer = z.object({
  schema: z.literal('logpipe/latest/1'),
  slug: z.string(),
  runId: z.string(),
  source: Source,
  /** Last-Modified of the source version, ms: a pointer never moves to an older version. */
  sourceModifiedMs: z.number(),
  /** When it was published, ms; stands in the blob's metadata too, since Last-Modified counts whole seconds. */
  publishedMs: z.number(),
  manifests: z.array(ManifestRef),
})

export type Manifest = z.infer<typeof Manifest>
export type ManifestRef = z.infer<typeof ManifestRef>
export type Plan = z.infer<typeof Plan>
export type Pinned = z.infer<typeof Pinned>
export type RunStatus = z.infer<typeof RunStatus>
export type StageRecord = z.infer<typeof StageRecord>
export type RunRecord = z.infer<typeof RunRecord>
export type Report = z.infer<typeof Report>
export type Pointer = z.infer<typeof Pointer>

export const TERMINAL: ReadonlySet<RunStatus> = new Set(['succeeded', 'degraded', 'failed', 'cancelled', 'superseded', 'duplicate'] as const)
