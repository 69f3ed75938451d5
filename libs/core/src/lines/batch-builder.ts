import type { LineBatch, SpecialLine } from './batch.ts'
import type { LineText } from './line-text.ts'

const grow = <T extends Uint32Array | Float64Array | Uint8Array>(from: T, to: T): T => {
  to.set(from)
  return to
}

/**
 * Builds one batch over a chunk of the source. Clean lines point into the chunk; texts that had to be rewritten are put behind it, so that
 * only a chunk with such a line is copied.
 */
export class BatchBuilder {
  readonly #chunk: Uint8Array
  readonly #firstLine: number
  #starts: Uint32Array<ArrayBuffer>
  #ends: Uint32Array<ArrayBuffer>
  #offsets: Float64Array<ArrayBuffer>
  #lengths: Float64Array<ArrayBuffer>
  #flags: Uint8Array<ArrayBuffer>
  #count = 0
  readonly #texts: Uint8Array[] = []
  #textBytes = 0
  readonly #special = new Map<number, SpecialLine>()

  constructor(chunk: Uint8Array, firstLine: number) {
    const capacity = (chunk.length >> 6) + 16
    this.#chunk = chunk
    this.#firstLine = firstLine
    this.#starts = new Uint32Array(capacity)
    this.#ends = new Uint32Array(capacity)
    this.#offsets = new Float64Array(capacity)
    this.#lengths = new Float64Array(capacity)
    this.#flags = new Uint8Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** A line whose text is `chunk[start … end)` as it stands. */
  add(start: number, end: number, offset: number, length: number, flags: number): void {
    const i = this.#count
    if (i === this.#starts.length) this.#enlarge()
    this.#starts[i] = start
    this.#ends[i] = end
    this.#offsets[i] = offset
    this.#lengths[i] = length
    this.#flags[i] = flags
    this.#count = i + 1
  }

  /** A line whose text is not in the chunk. */
  addText({ text, flags, special }: LineText, offset: number, length: number): void {
    const start = this.#chunk.length + this.#textBytes
    if (special !== null) this.#special.set(this.#count, special)
    this.add(start, start + text.length, offset, length, flags)
    this.#texts.push(text)
    this.#textBytes += text.length
  }

  build(): LineBatch {
    const count = this.#count
    return {
      bytes: this.#bytes(),
      count,
      firstLine: this.#firstLine,
      starts: this.#starts.subarray(0, count),
      ends: this.#ends.subarray(0, count),
      offsets: this.#offsets.subarray(0, count),
      lengths: this.#lengths.subarray(0, count),
      flags: this.#flags.subarray(0, count),
      special: this.#special,
    }
  }

  #bytes(): Uint8Array {
    if (this.#texts.length === 0) return this.#chunk
    if (this.#texts.length === 1 && this.#chunk.length === 0) return this.#texts[0] as Uint8Array
    const bytes = new Uint8Array(this.#chunk.length + this.#textBytes)
    bytes.set(this.#chunk)
    let at = this.#chunk.length
    for (const text of this.#texts) {
      bytes.set(text, at)
      at += text.length
    }
    return bytes
  }

  #enlarge(): void {
    const capacity = this.#starts.length * 2
    this.#starts = grow(this.#starts, new Uint32Array(capacity))
    this.#ends = grow(this.#ends, new Uint32Array(capacity))
    this.#offsets = grow(this.#offsets, new Float64Array(capacity))
    this.#lengths = grow(this.#lengths, new Float64Array(capacity))
    this.#flags = grow(this.#flags, new Uint8Array(capacity))
  }
}
