import type { ErrorClass, ErrorDocument, JobRef, ManifestRef, Original, Report, RunRecord, StageName, StageRecord } from '@logpipe/core'

/** Payloads between orchestrator and activities: references and counts, never data. */

export interface Begun {
  readonly maxAttempts: number
  /** The first and the last stage that this run does. */
  readonly from: StageName
  readonly until: StageName
  /** Manifests of the layers before `from`, taken over from another run. */
  readonly reused: readonly ManifestRef[]
}

/** What a stage's activity gets. */
export interface StageInput {
  readonly runId: string
  readonly stage: string
  readonly attempt: number
  readonly manifests: readonly ManifestRef[]
}

export interface StageDone {
  readonly counts: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
  readonly manifest?: ManifestRef
  /** Silver: the run that has the same content, whose later layers are taken over. */
  readonly original?: Original
  /** The layer runs as a job somewhere else: it is to be waited for. */
  readonly begun?: JobRef
  /** Of a job that has ended. */
  readonly job?: StageRecord['job']
  readonly checks?: Report['checks']
  readonly services?: Report['services']
}

/** Failures are values: the orchestrator decides by fields, never by text. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorDocument; readonly kind: ErrorClass; readonly retryAfterMs: number | null }

/** What waits for a layer's job gets. */
export interface JobInput extends StageInput {
  readonly job: JobRef
}

/** Null while the job runs, then what became of the layer: a look that fails is no failure of the job. */
export type JobLook = Outcome<StageDone> | null

export interface FinishInput {
  readonly runId: string
  readonly status: RunRecord['status']
  readonly stages: readonly StageRecord[]
  readonly manifests: readonly ManifestRef[]
  readonly duplicateOf: string | null
  readonly checks: Report['checks']
  readonly services: Report['services']
  readonly error: ErrorDocument | null
  readonly endedAt: string
}
