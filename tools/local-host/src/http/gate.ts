import { HostError } from '../errors.ts'

/** Lets so many callers in at once; others wait in line, and past `maxOutstanding` (in and waiting) they are turned away with HOST_BUSY. */
export class Gate {
  readonly #maxConcurrent: number
  readonly #maxOutstanding: number
  readonly #line: (() => void)[] = []
  #inside = 0

  constructor(maxConcurrent: number, maxOutstanding: number) {
    this.#maxConcurrent = maxConcurrent
    this.#maxOutstanding = maxOutstanding
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside + this.#line.length >= this.#maxOutstanding) throw new HostError('HOST_BUSY', { limit: this.#maxOutstanding })
    if (this.#inside < this.#maxConcurrent) this.#inside++
    // Who leaves hands on the place: `#inside` stays as it is.
    else await new Promise<void>((resolve) => this.#line.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#line.shift()
      if (next) next()
      else this.#inside--
    }
  }
}
