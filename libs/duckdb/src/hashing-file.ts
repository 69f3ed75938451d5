import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'

/** A file that was written to its end. */
export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/**
 * Writes a local file. Whoever opens it closes or discards it. Writes are synchronous: a chunk goes to the page cache in less time than it
 * took to make.
 */
export class LocalFile {
  readonly path: string
  #descriptor: number | null
  #bytes = 0

  /** @param path Must not exist yet. */
  constructor(path: string) {
    this.path = path
    this.#descriptor = openSync(path, 'wx')
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes
  }

  write(bytes: Uint8Array): void {
    if (this.#descriptor === null) throw new Error('the file is closed')
    this.#bytes += bytes.length
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done)
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }

  /** Removes what a failure left unfinished; a closed file stays. */
  discard(): void {
    if (this.#descriptor === null) return
    this.close()
    rmSync(this.path, { force: true })
  }
}

/** Hashes what it writes on the way. */
export class HashingFile extends LocalFile {
  readonly #hash: Hash = createHash('sha256')

  override write(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    super.write(bytes)
  }

  /** Closes it; called once. */
  finish(): WrittenFile {
    this.close()
    return { path: this.path, bytes: this.bytes, sha256: this.#hash.digest('hex') }
  }
}
