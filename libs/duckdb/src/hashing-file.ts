import { createHash, type Hash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'

/** A file that was written to its end. */
export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** Writes a local file and hashes it on the way. Whoever opens it closes or discards it. */
export class HashingFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  static async open(path: string): Promise<HashingFile> {
    return new HashingFile(path, await open(path, 'wx'))
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    for (let done = 0; done < bytes.length; ) done += (await this.#handle.write(bytes, done)).bytesWritten
  }

  async close(): Promise<WrittenFile> {
    await this.#handle.close()
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Closes without a result, after a failure; nothing when it is closed. */
  async discard(): Promise<void> {
    await this.#handle.close()
  }
}
