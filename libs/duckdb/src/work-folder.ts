import { createHash, randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LogpipeError, type ObjectStore, type Part } from '@logpipe/core'
import { HashingFile, type WrittenFile } from './hashing-file.ts'

/**
 * What one run keeps on this machine: files named by their own hash, so that a file that stands there is whole and right, and everything
 * else under a name of its own until it is. The folder's name is a hash too: no run id can lead out of the engine's folder.
 */
export class WorkFolder {
  readonly path: string

  constructor(workDir: string, runId: string) {
    this.path = join(workDir, `run-${hash(runId)}`)
  }

  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true })
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  /** A path that nobody else uses. */
  fresh(suffix: string): string {
    return join(this.path, `new-${randomUUID()}${suffix}`)
  }

  /** Gives a finished file its lasting name, by output and content. */
  async keep(output: string, file: WrittenFile): Promise<WrittenFile> {
    const path = this.#partPath(output, file.sha256)
    await rename(file.path, path)
    return { ...file, path }
  }

  /** A part of an earlier layer as a local file: kept from then, or fetched and verified. */
  async fetch(part: Part, store: ObjectStore, signal: AbortSignal): Promise<string> {
    const path = this.#partPath(part.output, part.sha256)
    if (existsSync(path) && statSync(path).size === part.bytes) return path
    const file = new HashingFile(this.fresh('.part'))
    try {
      for await (const chunk of store.read({ container: part.container, name: part.name }, { signal })) file.write(chunk)
    } catch (error) {
      file.discard()
      if (error instanceof LogpipeError && error.code === 'BLOB_NOT_FOUND') throw new LogpipeError('OUTPUT_MISSING', { name: part.name }, { cause: error })
      throw error
    }
    const written = file.finish()
    if (written.sha256 !== part.sha256) {
      await rm(written.path, { force: true })
      throw new LogpipeError('OUTPUT_CORRUPT', { name: part.name, found: written.sha256, expected: part.sha256 })
    }
    return (await this.keep(part.output, written)).path
  }

  /** Gives a finished file its lasting name as the twin of a part: the same rows in a form that is read faster, with the columns the layers use. */
  async keepTwin(part: Part, path: string): Promise<void> {
    await rename(path, this.#twinPath(part))
  }

  /** The twin of a part, where this machine has it. */
  twin(part: Part): string | null {
    const path = this.#twinPath(part)
    return existsSync(path) ? path : null
  }

  #twinPath(part: Part): string {
    return `${this.#partPath(part.output, part.sha256)}-twin`
  }

  /** Where the decompressed source of version `etag` lies; `truncated` is part of the name because the bytes do not say it. */
  sourcePath(etag: string, truncated: boolean): string {
    return join(this.path, `source-${hash(etag)}${truncated ? '-truncated' : ''}`)
  }

  #partPath(output: string, sha256: string): string {
    return join(this.path, `${output}-${sha256}`)
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
