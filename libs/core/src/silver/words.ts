import type { Said } from './said.ts'

const LENGTH_BYTES = 4

/**
 * The dictionary of one row group of event columns: texts one behind the other, each after its length (32 bits, little-endian), which is how
 * Parquet writes them. A text may stand in it twice. `clear` begins the next edition.
 */
export class Words {
  count = 0
  edition = 0
  #bytes = new Uint8Array(1 << 12)
  #at = 0

  /** The text's place; -1 for null. */
  of(said: Said | null): number {
    if (said === null) return -1
    if (said.edition !== this.edition) {
      said.edition = this.edition
      said.word = this.count++
      this.#append(said.text)
    }
    return said.word
  }

  /** Bytes of `bytes`. */
  get size(): number {
    return this.#at
  }

  /** Valid until the next `of`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  clear(): void {
    this.count = 0
    this.edition++
    this.#at = 0
  }

  #append(text: Uint8Array): void {
    const end = this.#at + LENGTH_BYTES + text.length
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, end))
      grown.set(this.bytes)
      this.#bytes = grown
    }
    const bytes = this.#bytes
    for (let i = 0, rest = text.length; i < LENGTH_BYTES; i++, rest >>>= 8) bytes[this.#at++] = rest
    bytes.set(text, this.#at)
    this.#at = end
  }
}
