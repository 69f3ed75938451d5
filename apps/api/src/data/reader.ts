import {
  type BlobInfo, csvRows, findPart, jsonRows, latestPointer, LogpipeError, type ManifestRef, type ObjectStore, type Part, places, type Pointer, readDocument, readRecord, Report, type RunRecord, type StageRecord, TERMINAL,
} from '@logpipe/core'
import { Fresh, Kept } from './cache.ts'

export type Row = Record<string, unknown>

/** A run whose outputs are there. */
export interface Outputs {
  readonly runId: string
  readonly slug: string
  readonly source: string
  readonly manifests: ManifestRef[]
}

export interface RunListing {
  readonly runId: string
  readonly status: string
  readonly etag: string
  readonly modifiedMs: number
}

const MAX_KEPT_PART = 4 * 2 ** 20

/**
 * Storage as the API sees it: pointer → manifests → parts, and the run records. What cannot change is kept, within bounds; what can is at
 * most half a second old. Parts that are too large to keep are read as streams.
 */
export class Reader {
  readonly store: ObjectStore
  readonly #pointers = new Fresh<Pointer | null>(500)
  readonly #records = new Fresh<RunRecord>(250)
  readonly #listing = new Fresh<RunListing[]>(500)
  readonly #ended = new Kept<RunRecord>(2000)
  readonly #reports = new Kept<Report>(200)
  readonly #parts = new Kept<Part>(5000)
  readonly #rows = new Kept<readonly Row[]>(24 * 2 ** 20)
  readonly #answers = new Kept<string>(8 * 2 ** 20)

  readonly #progress: (runId: string) => Promise<StageRecord[] | null>

  /** `progress` tells the stages of a run that is under way: its record has them only at its end. */
  constructor(store: ObjectStore, progress: (runId: string) => Promise<StageRecord[] | null>) {
    this.store = store
    this.#progress = progress
  }

  pointer(slug?: string): Promise<Pointer | null> {
    return this.#pointers.get(slug ?? '', () => latestPointer(this.store, slug))
  }

  /** Throws RUN_NOT_FOUND. */
  record(runId: string): Promise<RunRecord> {
    return this.#records.get(runId, async () => {
      const record = await readRecord(this.store, runId)
      const stages = record.status === 'running' ? await this.#progress(runId) : null
      return stages === null ? record : { ...record, stages }
    })
  }

  /** All runs by one listing, that which changed last first. */
  listing(): Promise<RunListing[]> {
    return this.#listing.get('', async () => {
      const found: RunListing[] = []
      for await (const blob of this.store.list('pipeline', places.recordsPrefix)) {
        const runId = recordOf(blob)
        if (runId !== undefined) found.push({ runId, status: blob.metadata['status'] ?? 'queued', etag: blob.etag, modifiedMs: blob.modifiedMs })
      }
      return found.sort((a, b) => b.modifiedMs - a.modifiedMs || (a.runId < b.runId ? 1 : -1))
    })
  }

  /** The record of a listed run; one that was read at the same ETag is not read again. */
  async listed({ runId, etag }: RunListing): Promise<RunRecord> {
    const key = `${runId} ${etag}`
    const kept = this.#ended.get(key)
    if (kept !== undefined) return kept
    const record = await this.record(runId)
    return TERMINAL.has(record.status) ? this.#ended.set(key, record, 1) : record
  }

  /** What a run said at its end; null before. */
  async report(runId: string): Promise<Report | null> {
    const kept = this.#reports.get(runId)
    if (kept !== undefined) return kept
    const report = (await readDocument(this.store, places.report(runId), Report))?.value ?? null
    return report === null ? null : this.#reports.set(runId, report, 1)
  }

  /** `latest`, or a run's id. Throws NOTHING_PUBLISHED, RUN_NOT_FOUND, RUN_NOT_ENDED. */
  async outputs(run: string): Promise<Outputs> {
    if (run === 'latest') {
      const pointer = await this.pointer()
      if (pointer === null) throw new LogpipeError('NOTHING_PUBLISHED', { what: 'a log' })
      return { ...pointer, source: pointer.source.name }
    }
    const { runId, slug, source, status, manifests } = await this.record(run)
    if (manifests.length > 0) return { runId, slug, source: source.name, manifests }
    const pointer = await this.pointer(slug)
    if (pointer?.runId === runId) return { runId, slug, source: source.name, manifests: pointer.manifests }
    if (!TERMINAL.has(status)) throw new LogpipeError('RUN_NOT_ENDED', { runId, status })
    return { runId, slug, source: source.name, manifests: [] }
  }

  /** Throws OUTPUT_MISSING. */
  async part(outputs: Outputs, output: string): Promise<Part> {
    const key = `${outputs.manifests.map(({ container, name }) => `${container}/${name}`).join()} ${output}`
    return this.#parts.get(key) ?? this.#parts.set(key, await findPart(this.store, outputs, output), 1)
  }

  /** Rows of a table, one at a time. */
  async *rows(part: Part): AsyncGenerator<Row> {
    const key = `${part.container}/${part.name}`
    const kept = this.#rows.get(key)
    if (kept !== undefined) return yield* kept
    const read: AsyncIterable<Row> = part.name.endsWith('.csv') ? csvRows(this.store, part) : jsonRows<Row>(this.store, part)
    const keep: Row[] | null = part.bytes <= MAX_KEPT_PART ? [] : null
    for await (const row of read) {
      keep?.push(row)
      yield row
    }
    if (keep !== null) this.#rows.set(key, keep, part.bytes * 3)
  }

  /** An answer about what cannot change, as JSON text. */
  async answer(key: string, make: () => Promise<unknown>): Promise<string> {
    const kept = this.#answers.get(key)
    if (kept !== undefined) return kept
    const text = JSON.stringify({ ok: true, data: await make() })
    return this.#answers.set(key, text, text.length * 2)
  }
}

const recordOf = ({ name }: BlobInfo): string | undefined => /^runs\/([^/]+)\/record\.json$/.exec(name)?.[1]
