import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'

/** A file that was written to its end. */
export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/**
 * Writes a local file and hashes it on the way. Whoever opens it closes or discards it. Writes are synchronous: a chunk goes to the page
 * cache in less time than it took to make.
 */
export class HashingFile {
  readonly #path: string
  readonly #hash: Hash = createHash('sha256')
  #descriptor: number | null
  #bytes = 0

  /** @param path Must not exist yet. */
  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'wx')
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes
  }

  write(bytes: Uint8Array): void {
    if (this.#descriptor === null) throw new Error('the file is closed')
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done)
  }

  close(): WrittenFile {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Removes what a failure left unfinished; a closed file stays. */
  discard(): void {
    if (this.#descriptor === null) return
    closeSync(this.#descriptor)
    this.#descriptor = null
    rmSync(this.#path, { force: true })
  }
}
