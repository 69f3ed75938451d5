import { View } from '../catalogue/bytes.ts'

const SIZE = 1 << 18
const WORD = 8

/**
 * Keeps the bytes of lines whose events are not put out yet, so that the source's own buffer can be used again. Two buffers take turns: one
 * fills up while the events of the other one go out.
 */
export class LineStore {
  /** Where the last line was put, from `at` on. */
  bytes = new Uint8Array(SIZE)
  at = 0
  #end = 0
  #other = new Uint8Array(SIZE)
  /** Number of the event behind the last one in the other buffer. */
  #otherUntil = 0
  readonly #from = new View()
  readonly #to = new View()

  /**
   * @param next Number of the line's event.
   * @param first Number of the first event that is not put out.
   */
  put(source: Uint8Array, start: number, end: number, next: number, first: number): void {
    const size = end - start
    if (this.#end + size > this.bytes.length) this.#turn(size, next, first)
    this.at = this.#end
    this.#end += size
    const from = this.#from.of(source)
    const to = this.#to.of(this.bytes)
    let [i, at] = [start, this.at]
    // By hand in words: a view of each line, which TypedArray.set would need, costs more than copying it.
    for (const words = end - WORD; i <= words; i += WORD, at += WORD) to.setBigInt64(at, from.getBigInt64(i, true), true)
    for (; i < end; i++, at++) to.setUint8(at, from.getUint8(i))
  }

  #turn(size: number, next: number, first: number): void {
    const free = this.#otherUntil <= first && this.#other.length >= size
    const fresh = free ? this.#other : new Uint8Array(Math.max(SIZE, size))
    this.#other = this.bytes
    this.#otherUntil = next
    this.bytes = fresh
    this.#end = 0
  }
}
