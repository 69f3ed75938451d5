/** Something that acts at moments in time order: a stream of arrivals, an actor, a session. */
export interface Source {
  /** Does what is due at `now`. Returns the time of the next step (≥ now), or null when there is none. */
  step(now: number): number | null
}

/**
 * The k-way merge: a binary heap of sources by the time of their next step. Equal times go in the order of pushing, so the
 * interleaving is a pure function of the seed. Bounded by what is alive, never by the length of the log.
 */
export class Timeline {
  #times: number[] = []
  #orders: number[] = []
  #sources: Source[] = []
  #pushed = 0

  get size(): number {
    return this.#sources.length
  }

  push(at: number, source: Source): void {
    this.#times.push(at)
    this.#orders.push(this.#pushed++)
    this.#sources.push(source)
    this.#up(this.#sources.length - 1)
  }

  /** Steps the earliest source. Nothing happens when the timeline is empty. */
  step(): void {
    const source = this.#sources[0]
    if (source === undefined) return
    // A step may push new sources. They are due no earlier than now and get a later order, so the root stays the root meanwhile.
    const next = source.step(this.#times[0]!)
    if (next === null) return this.#removeRoot()
    this.#times[0] = next
    this.#orders[0] = this.#pushed++
    this.#down()
  }

  #removeRoot(): void {
    const time = this.#times.pop()!
    const order = this.#orders.pop()!
    const source = this.#sources.pop()!
    if (this.#sources.length === 0) return
    this.#times[0] = time
    this.#orders[0] = order
    this.#sources[0] = source
    this.#down()
  }

  #before(i: number, j: number): boolean {
    const a = this.#times[i]!
    const b = this.#times[j]!
    return a < b || (a === b && this.#orders[i]! < this.#orders[j]!)
  }

  #swap(i: number, j: number): void {
    const time = this.#times[i]!
    const order = this.#orders[i]!
    const source = this.#sources[i]!
    this.#times[i] = this.#times[j]!
    this.#orders[i] = this.#orders[j]!
    this.#sources[i] = this.#sources[j]!
    this.#times[j] = time
    this.#orders[j] = order
    this.#sources[j] = source
  }

  #up(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!this.#before(i, parent)) return
      this.#swap(i, parent)
      i = parent
    }
  }

  #down(): void {
    const size = this.#sources.length
    for (let i = 0; ; ) {
      let least = 2 * i + 1
      if (least >= size) return
      if (least + 1 < size && this.#before(least + 1, least)) least++
      if (!this.#before(least, i)) return
      this.#swap(i, least)
      i = least
    }
  }
}
