import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LogpipeError, type BlobInfo, type BlobRef, type LocalFile, type ObjectStore } from '@logpipe/core'

/** The storage port over a folder: names are hashed to files, so that a hostile blob name is just a name. */
export class FolderStore implements ObjectStore {
  /** Blobs read so far, as `container/name`. */
  readonly reads: string[] = []
  #writes = 0
  readonly #dir: string
  readonly #blobs = new Map<string, BlobInfo>()

  constructor(dir: string) {
    this.#dir = dir
  }

  ensureContainers(): Promise<readonly string[]> {
    return Promise.resolve([])
  }

  async stat(ref: BlobRef): Promise<BlobInfo | null> {
    return this.#blobs.get(key(ref)) ?? null
  }

  async *read(ref: BlobRef, options: { etag?: string; signal?: AbortSignal } = {}): AsyncGenerator<Uint8Array> {
    this.reads.push(key(ref))
    const info = this.#blobs.get(key(ref))
    if (info === undefined) throw new LogpipeError('BLOB_NOT_FOUND', { ...ref })
    if (options.etag !== undefined && options.etag !== info.etag) throw new LogpipeError('SOURCE_CHANGED', { ...ref, etag: options.etag })
    for await (const chunk of createReadStream(this.pathOf(ref), { highWaterMark: 1 << 18, signal: options.signal })) yield chunk as Uint8Array
  }

  async readSmall(ref: BlobRef): Promise<{ etag: string; body: Uint8Array } | null> {
    const info = this.#blobs.get(key(ref))
    return info === undefined ? null : { etag: info.etag, body: await readFile(this.pathOf(ref)) }
  }

  async create(ref: BlobRef, body: Uint8Array | LocalFile, metadata: Record<string, string> = {}): Promise<{ outcome: 'created' | 'exists'; etag: string }> {
    const there = this.#blobs.get(key(ref))
    if (there !== undefined) return { outcome: 'exists', etag: there.etag }
    return { outcome: 'created', ...(await this.put(ref, body, metadata)) }
  }

  async replace(): Promise<never> {
    throw new Error('the engine never replaces a blob')
  }

  async put(ref: BlobRef, body: Uint8Array | LocalFile, metadata: Record<string, string> = {}): Promise<{ etag: string }> {
    const path = this.pathOf(ref)
    await mkdir(dirname(path), { recursive: true })
    if ('path' in body) await copyFile(body.path, path)
    else await writeFile(path, body)
    const etag = String(++this.#writes)
    this.#blobs.set(key(ref), { ...ref, etag, bytes: (await stat(path)).size, modifiedMs: 0, metadata })
    return { etag }
  }

  async remove(ref: BlobRef): Promise<void> {
    this.#blobs.delete(key(ref))
    await rm(this.pathOf(ref), { force: true })
  }

  async *list(): AsyncGenerator<BlobInfo> {
    yield* this.#blobs.values()
  }

  /** Local file of a blob, for a test to look into. */
  pathOf(ref: BlobRef): string {
    return join(this.#dir, createHash('sha256').update(key(ref)).digest('hex'))
  }
}

const key = ({ container, name }: BlobRef): string => `${container}/${name}`
