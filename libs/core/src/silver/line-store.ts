const SIZE = 1 << 18

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

  /**
   * @param next Number of the line's event.
   * @param first Number of the first event that is not put out.
   */
  put(source: Uint8Array, start: number, end: number, next: number, first: number): void {
    const size = end - start
    if (this.#end + size > this.bytes.length) this.#turn(size, next, first)
    this.at = this.#end
    this.bytes.set(source.subarray(start, end), this.at)
    this.#end += size
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
