import type { ErrorDocument, Report, RunRecord, StageRecord } from '@logpipe/core'

/** Payloads between orchestrator and activities: references and counts, never data. */
export interface ManifestRef {
  readonly layer: string
  readonly container: string
  readonly name: string
}

export interface Begun {
  readonly maxAttempts: number
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
  readonly checks?: Report['checks']
  readonly services?: Report['services']
}

/** Failures are values: the orchestrator decides by fields, never by text. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorDocument; readonly retryable: boolean }

export interface FinishInput {
  readonly runId: string
  readonly status: RunRecord['status']
  readonly stages: readonly StageRecord[]
  readonly manifests: readonly ManifestRef[]
  readonly checks: Report['checks']
  readonly services: Report['services']
  readonly error: ErrorDocument | null
  readonly endedAt: string
}
