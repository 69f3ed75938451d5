import { createGunzip, type Gunzip } from 'node:zlib'

/** The source is gzip that no reader should go on with; `message` says why in words for a person. */
export class GzipFault extends Error {}

/**
 * zlib's gunzip by hand, slice by slice. Piping loses what a truncated stream had already given (an error drops the buffer), and says
 * nothing of bytes behind the last member; this does neither.
 */
export class Inflater {
  readonly #stream: Gunzip
  #failure: (Error & { code?: string }) | null = null
  #ended = false
  #junk = false
  #fed = 0
  #wake: () => void = () => undefined

  constructor() {
    // The readable side must never fill up, or a write would wait for a read that comes after it.
    this.#stream = createGunzip({ chunkSize: 1 << 18, readableHighWaterMark: 2 ** 30 } as Parameters<typeof createGunzip>[0])
    this.#stream.on('readable', () => this.#wake())
    this.#stream.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    this.#stream.on('error', (error) => {
      this.#failure = error
      this.#wake()
    })
  }

  /** All that comes out of this slice. Throws GzipFault when the data is damaged. */
  async *write(slice: Uint8Array): AsyncGenerator<Uint8Array> {
    const before = this.#fed
    this.#fed += slice.length
    if (this.#ended) return this.#noteJunk(slice)
    let done = false
    this.#stream.write(slice, () => {
      done = true
      this.#wake()
    })
    while (!done && !this.#ended && this.#failure === null) {
      await this.#woken()
      yield* this.#taken()
    }
    this.#throwDamage()
    yield* this.#taken()
    // Bytes behind the last member end the stream, and the write is never answered.
    if (!done) this.#noteJunk(slice.subarray(this.#stream.bytesWritten - before))
  }

  /** Ends the input: true when it stopped inside a member, or was followed by junk. */
  async endedEarly(): Promise<boolean> {
    if (!this.#ended) {
      this.#stream.end()
      while (!this.#ended && this.#failure === null) {
        this.#stream.read()
        await this.#woken()
      }
    }
    if (this.#failure?.code === 'Z_BUF_ERROR') return true
    this.#throwDamage()
    return this.#junk
  }

  destroy(): void {
    this.#stream.destroy()
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve))
  }

  *#taken(): Generator<Uint8Array> {
    for (let out = this.#stream.read() as Uint8Array | null; out !== null; out = this.#stream.read() as Uint8Array | null) yield out
  }

  #throwDamage(): void {
    if (this.#failure !== null) throw new GzipFault(`the gzip data is damaged (${this.#failure.message})`)
  }

  #noteJunk(rest: Uint8Array): void {
    this.#junk ||= rest.some((byte) => byte !== 0)
  }
}
