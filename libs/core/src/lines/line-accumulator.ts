/** An incremental SHA-256. Core is pure, so whoever runs the splitter passes in its platform's. */
export interface Sha256 {
  update(bytes: Uint8Array): void
  /** Lower-case hex; called once, last. */
  hex(): string
}

/** One whole line, or as much of it as is kept. */
export interface TakenLine {
  /** The first bytes of the line, no terminator, at most the limit. */
  readonly kept: Uint8Array
  /** Bytes of the line in the source, without LF, with the CR before it. */
  readonly total: number
  /** Of all bytes without terminator; null unless the line was longer than the limit. */
  readonly sha256: string | null
}

/**
 * Gathers one line that comes in pieces, in bounded memory: past the limit only a running hash and the length go on. The last unit is
 * held back from the hash, because it may turn out to be the CR of a CRLF, which belongs to the terminator.
 */
export class LineAccumulator {
  readonly #limit: number
  readonly #cr: Uint8Array
  readonly #sha256: () => Sha256
  #kept = new Uint8Array(256)
  #total = 0
  #hash: Sha256 | null = null
  #held: Uint8Array = new Uint8Array(0)

  /** @param cr The encoded CR: one byte in UTF-8, two in UTF-16; its length is the unit of the pieces. */
  constructor(limit: number, cr: Uint8Array, sha256: () => Sha256) {
    this.#limit = limit - (limit % cr.length)
    this.#cr = cr
    this.#sha256 = sha256
  }

  get total(): number {
    return this.#total
  }

  append(piece: Uint8Array): void {
    if (piece.length === 0) return
    const room = this.#limit + this.#cr.length
    const before = this.#total
    this.#total += piece.length
    if (before < room) this.#keep(piece.subarray(0, room - before), before)
    if (this.#total <= room) return
    if (this.#hash === null) {
      this.#hash = this.#sha256()
      this.#feed(this.#kept.subarray(0, room))
      this.#feed(piece.subarray(room - before))
    } else {
      this.#feed(piece)
    }
  }

  /** Ends the line. `terminated` says that an LF follows, so that a CR at its end is no part of the text. */
  take(terminated: boolean): TakenLine {
    const total = this.#total
    const length = terminated && this.#endsWithCr() ? total - this.#cr.length : total
    const kept = this.#kept.slice(0, Math.min(length, this.#limit))
    let sha256: string | null = null
    if (length > this.#limit) {
      const hash = this.#hash ?? this.#sha256()
      if (this.#hash === null) hash.update(this.#kept.subarray(0, length))
      else if (length === total) hash.update(this.#held)
      sha256 = hash.hex()
    }
    this.#total = 0
    this.#hash = null
    this.#held = new Uint8Array(0)
    return { kept, total, sha256 }
  }

  #keep(piece: Uint8Array, at: number): void {
    const needed = at + piece.length
    if (needed > this.#kept.length) {
      const grown = new Uint8Array(Math.max(needed, this.#kept.length * 2))
      grown.set(this.#kept.subarray(0, at))
      this.#kept = grown
    }
    this.#kept.set(piece, at)
  }

  #feed(piece: Uint8Array): void {
    if (piece.length === 0) return
    const hold = Math.min(this.#cr.length, piece.length)
    this.#hash?.update(this.#held)
    this.#hash?.update(piece.subarray(0, piece.length - hold))
    this.#held = piece.slice(piece.length - hold)
  }

  #endsWithCr(): boolean {
    const unit = this.#cr.length
    if (this.#total < unit) return false
    const last = this.#hash === null ? this.#kept.subarray(this.#total - unit, this.#total) : this.#held
    return last.length === unit && last.every((byte, i) => byte === this.#cr[i])
  }
}
