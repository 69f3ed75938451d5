import type { LogpipeError } from './errors/error.ts'
import type { Layer, LayerName } from './layers/layer.ts'

/** A blob by name. `container` is one of the pipeline's own; `name` has been through the allow-list of `checkBlobName`. */
export interface BlobRef {
  readonly container: string
  readonly name: string
}

export interface BlobInfo extends BlobRef {
  /** Without quotes and `W/`. */
  readonly etag: string
  readonly bytes: number
  /** Last-Modified, ms since the epoch. */
  readonly modifiedMs: number
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The storage port: a few conditional operations on blobs. Every call retries short faults by itself and is bounded in time;
 * what still fails is thrown as a LogpipeError of class `environment` or `transient`. A lost answer is resolved by reading back.
 */
export interface ObjectStore {
  /** Makes missing containers. */
  /** Makes the containers that are missing; returns their names. */
  ensureContainers(): Promise<readonly string[]>
  stat(ref: BlobRef): Promise<BlobInfo | null>
  /** Streams a blob's bytes, all of one version. Throws SOURCE_CHANGED when `etag` is not the blob's any more, BLOB_NOT_FOUND when there is none. */
  read(ref: BlobRef, options?: { etag?: string; signal?: AbortSignal }): AsyncIterable<Uint8Array>
  /** A small blob (≤ 16 MiB) at once; null when there is none. */
  readSmall(ref: BlobRef): Promise<{ etag: string; body: Uint8Array } | null>
  /** Writes only where nothing is (If-None-Match: *). `exists` when something is there already: the caller compares. */
  create(ref: BlobRef, body: Uint8Array | LocalFile, metadata?: Record<string, string>): Promise<{ outcome: 'created' | 'exists'; etag: string }>
  /** Writes over the version `etag` only (If-Match). `conflict` when the blob is at another version. */
  replace(ref: BlobRef, body: Uint8Array, etag: string, metadata?: Record<string, string>): Promise<{ outcome: 'replaced'; etag: string } | { outcome: 'conflict' }>
  /** Writes whatever is there: for uploads of sources, which are the user's own. */
  put(ref: BlobRef, body: Uint8Array | LocalFile, metadata?: Record<string, string>): Promise<{ etag: string }>
  remove(ref: BlobRef): Promise<void>
  /** All blobs whose name starts with `prefix`. `skip` leaves out a first segment (`_runs/`) without listing it. */
  list(container: string, prefix: string, options?: { skip?: string }): AsyncIterable<BlobInfo>
}

/** A file on this machine that is to be uploaded by streaming. */
export interface LocalFile {
  readonly path: string
  readonly bytes: number
}

/** One written output file. `rows` is null for documents that are no tables. */
export interface Part {
  readonly output: string
  readonly container: string
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: number | null
}

/** What a layer says of its work; becomes the layer's `_MANIFEST.json`. */
export interface LayerResult {
  readonly parts: readonly Part[]
  readonly counts: Readonly<Record<string, number>>
  /** Findings that do not stop the run, as codes of the error catalogue. */
  readonly warnings: readonly string[]
  /** Hex sha256 of the source's bytes, decompressed; bronze says it. An engine that does not know it has no duplicates. */
  readonly contentSha256?: string
}

/** The source version a run is about. */
export interface SourceRef extends BlobRef {
  readonly etag: string
  readonly bytes: number
}

/** Settled once at a run's start and the same for each retry and rerun, so that the same source gives the same bytes. */
export interface RunParams {
  /** IANA zone of year-less local times. */
  readonly timezone: string
  /** ms since the epoch; no inferred time lies after it (plus a day for zone mistakes). */
  readonly baseTimeMs: number
}

export interface LayerTask {
  readonly runId: string
  readonly slug: string
  readonly attempt: number
  readonly layer: Layer
  readonly source: SourceRef
  readonly params: RunParams
  /** Parts of the layers before, from their manifests, and of the context that was pinned at the run's start. */
  readonly inputs: readonly Part[]
  /** Where the layer's outputs go: container and the attempt folder with its trailing slash. */
  readonly target: { readonly container: string; readonly prefix: string }
}

/**
 * The engine port: runs one layer to its end and leaves its parts in storage, each with If-None-Match (`exists` with the same sha256 is
 * fine: the activity may be delivered twice). Deterministic: the same task gives the same bytes. Abort stops the work soon and throws.
 */
export interface LayerEngine {
  readonly name: string
  runLayer(task: LayerTask, signal: AbortSignal): Promise<LayerResult>
  /** Frees what was kept locally between layers of a run. */
  release(runId: string): Promise<void>
}

/** A job that runs a layer somewhere else. */
export interface JobRef {
  readonly id: string
  /** Where people look at it. */
  readonly url: string
  readonly nodeType: string
  /** ms since the epoch. */
  readonly submittedMs: number
}

/** `cost` is an estimate by the configured price, null where nothing is known. */
export type JobState =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded'; readonly result: LayerResult; readonly seconds: number; readonly cost: number | null }
  | { readonly state: 'failed'; readonly error: LogpipeError }

/**
 * An engine whose layers run as jobs somewhere else. Its calls are short: who waits is the orchestrator, by durable timers. The same (run,
 * layer, attempt) is the same job, however often it is submitted; another attempt begins only when the ones before have ended.
 */
export interface JobEngine {
  readonly name: string
  submit(task: LayerTask): Promise<JobRef>
  /** What it throws is about the look, not about the job; TIMED_OUT when the job takes too long. */
  look(task: LayerTask, job: JobRef): Promise<JobState>
  /** Asks for its end; true when it has ended. */
  end(job: JobRef): Promise<boolean>
  /** Asks for the end of jobs whose run is not under way any more; returns their URLs. */
  sweep(isUnderWay: (runId: string) => Promise<boolean>): Promise<string[]>
}

/** What serves the results to people. */
export interface ServicesPort {
  readonly name: string
  /** Brings the services up where they are not, hands them the run and proves by a request that they serve it. */
  ensure(run: { runId: string; slug: string }, signal: AbortSignal): Promise<ServiceStatus[]>
}

export interface ServiceStatus {
  readonly name: string
  readonly url: string | null
  readonly state: 'serving' | 'failed'
  readonly detail: string
}

export interface Clock {
  now(): number
}

export interface Logger {
  (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>): void
}

export type { Layer, LayerName }
