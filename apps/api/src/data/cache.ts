/** Values that never change under their key, the least used given up first once their weights pass `limit`. */
export class Kept<T> {
  readonly #values = new Map<string, { value: T; weight: number }>()
  readonly #limit: number
  #weight = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): T | undefined {
    const found = this.#values.get(key)
    if (found === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, found)
    return found.value
  }

  set(key: string, value: T, weight: number): T {
    const before = this.#values.get(key)
    if (before !== undefined) this.#weight -= before.weight
    this.#values.delete(key)
    this.#values.set(key, { value, weight })
    this.#weight += weight
    for (const [oldest, entry] of this.#values) {
      if (this.#weight <= this.#limit) break
      this.#values.delete(oldest)
      this.#weight -= entry.weight
    }
    return value
  }
}

/** What may be `ms` old: those who ask meanwhile share one read. A failure is told to them and not kept. */
export class Fresh<T> {
  readonly #ms: number
  readonly #values = new Map<string, { at: number; value: Promise<T> }>()

  constructor(ms: number) {
    this.#ms = ms
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const now = performance.now()
    const found = this.#values.get(key)
    if (found !== undefined && now - found.at < this.#ms) return found.value
    if (this.#values.size > 1000) this.#values.clear()
    const value = load()
    const entry = { at: now, value }
    this.#values.set(key, entry)
    value.catch(() => {
      if (this.#values.get(key) === entry) this.#values.delete(key)
    })
    return value
  }
}
