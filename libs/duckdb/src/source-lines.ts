import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { LogpipeError, type ObjectStore, type SourceRef } from '@logpipe/core'
import { createSplitter, type LineBatch, type Sha256 } from '@logpipe/core/lines'
import { GzipFault } from './inflater.ts'
import { openSource, type GzipLimits, type OpenedSource } from './open-source.ts'
import type { WorkFolder } from './work-folder.ts'

/** Bounds on what a source may ask of this machine. */
export interface SourceLimits extends GzipLimits {
  /** Longer lines keep only their first bytes. */
  readonly maxLineBytes: number
}

/** What is known of a source once it has been read to its end. */
export interface SourceFacts {
  readonly bytes: number
  readonly truncated: boolean
}

export interface SourceTask {
  readonly store: ObjectStore
  readonly source: SourceRef
  readonly folder: WorkFolder
  readonly limits: SourceLimits
  readonly signal: AbortSignal
}

const READ_BYTES = 1 << 16
const REST_EVERY_MS = 20

const sha256 = (): Sha256 => {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

/**
 * Walks all lines of the source in order and in bounded memory; a batch is good until the next one. The first pass leaves the decompressed bytes in the work folder, and later
 * passes read those: splitting again is cheaper than keeping lines. `look` sees the decompressed bytes themselves.
 */
export async function walkLines(task: SourceTask, visit: (batch: LineBatch) => void, look?: (chunk: Uint8Array) => void): Promise<SourceFacts> {
  const splitter = createSplitter({ maxLineBytes: task.limits.maxLineBytes, sha256 })
  let bytes = 0
  const opened = openChunks(task)
  let rested = performance.now()
  for await (const chunk of opened.chunks) {
    // Chunks come faster than they are worked on: without a rest the host's timers (lease renewals, the abort itself) would wait.
    if (performance.now() - rested > REST_EVERY_MS) {
      await setImmediate()
      rested = performance.now()
    }
    task.signal.throwIfAborted()
    bytes += chunk.length
    look?.(chunk)
    for (const batch of splitter.push(chunk)) visit(batch)
  }
  for (const batch of splitter.finish({ truncated: opened.truncated() })) visit(batch)
  return { bytes, truncated: opened.truncated() }
}

function openChunks(task: SourceTask): OpenedSource {
  for (const truncated of [false, true]) {
    const kept = task.folder.sourcePath(task.source.etag, truncated)
    if (existsSync(kept)) return { chunks: readKept(kept), truncated: () => truncated }
  }
  const { container, name, etag } = task.source
  const opened = openSource(task.store.read({ container, name }, { etag, signal: task.signal }), task.limits)
  return { chunks: keeping(task, opened), truncated: () => opened.truncated() }
}

/** One buffer for all chunks: small enough that a chunk and what is made of it stay in the processor's cache, and no memory is new. */
async function* readKept(path: string): AsyncGenerator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    const buffer = new Uint8Array(READ_BYTES)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

/** Passes the chunks on and leaves them in the work folder; a pass that does not reach the end leaves nothing. */
async function* keeping(task: SourceTask, opened: OpenedSource): AsyncGenerator<Uint8Array> {
  const path = task.folder.fresh('.source')
  const file = openSync(path, 'wx')
  let complete = false
  try {
    for await (const chunk of opened.chunks) {
      for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done)
      yield chunk
    }
    complete = true
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error
    const { container, name } = task.source
    throw new LogpipeError('SOURCE_NOT_READABLE', { container, name, detail: error.message }, { cause: error })
  } finally {
    closeSync(file)
    if (complete) await rename(path, task.folder.sourcePath(task.source.etag, opened.truncated()))
    else await rm(path, { force: true })
  }
}
