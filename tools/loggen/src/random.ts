/**
 * The generator's only source of chance: sfc32 (Chris Doty-Humphrey's small fast counter), seeded by hashing the log's seed with names.
 * A stream is named, not drawn from another stream, so that adding a scenario leaves the draws of the others as they were.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, ...names: readonly (string | number)[]) {
    const key = `${seed}/${names.join('/')}`
    this.#a = hash(key, 0x811c9dc5)
    this.#b = hash(key, 0x9e3779b9)
    this.#c = hash(key, 0x85ebca6b)
    for (let i = 0; i < 12; i++) this.bits()
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const out = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) | 0
    return out >>> 0
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 4294967296
  }

  /** A whole number, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  between(low: number, high: number): number {
    return low + this.unit() * (high - low)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** Waiting time until the next of independent events that come every `mean` on average. */
  waiting(mean: number): number {
    return -mean * Math.log(1 - this.unit())
  }

  /** Log-uniform whole number: each order of size is as likely as the next, so most are small and few are large. */
  skewed(low: number, high: number): number {
    return Math.floor(low * Math.exp(this.unit() * Math.log((high + 1) / low)))
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.int(0, items.length - 1)] ?? items[0]
  }
}

/** FNV-1a with a final avalanche (murmur3's), so that near-equal names give unrelated streams. */
function hash(text: string, basis: number): number {
  let h = basis | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
