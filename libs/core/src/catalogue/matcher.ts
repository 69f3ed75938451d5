import { readInt, startsWith, View } from './bytes.ts'
import { type Candidate, Candidates, type Guarded, lookUp } from './candidates.ts'
import type { CompiledMessage } from './compile.ts'
import type { HoleType } from './document.ts'

const SPACE = 0x20
const INT_DIGITS = 10

/** Finds the first message of a catalogue that fits a body. One object is used again and again: `match` overwrites its holes. */
export class Matcher {
  /** Start and end of each hole in the bytes given to `match`. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Bytes looked at since it was made: the tests hold it linear. */
  steps = 0
  readonly #candidates: Candidates
  /** Which bytes guards start with, and which guards the body has. */
  readonly #guardStarts = new Uint8Array(256)
  readonly #guards: Uint8Array
  /** What the holes are of. */
  #lookedAt: Candidate | null = null
  readonly #view = new View()

  constructor(messages: readonly CompiledMessage[]) {
    const most = Math.max(1, ...messages.map(message => message.holes.length))
    this.starts = new Int32Array(most)
    this.ends = new Int32Array(most)
    this.#candidates = new Candidates(messages)
    const { byGuard } = this.#candidates
    for (const { guard } of byGuard) if (guard.length > 0) this.#guardStarts[guard[0] as number] = 1
    this.#guards = new Uint8Array(byGuard.length)
  }

  /** @param trimmed `end` without the spaces at the body's end. */
  match(bytes: Uint8Array, start: number, end: number, trimmed: number): CompiledMessage | null {
    const { byStart, byWord, byGuard, firstWorded, firstGuarded } = this.#candidates
    let found = this.#first(lookUp(byStart, bytes, start, end), null, bytes, start, end, trimmed)
    if (found === null || found.index > firstWorded) {
      const space = this.#firstSpace(bytes, start, end)
      if (space < end) found = this.#first(lookUp(byWord, bytes, space + 1, end), found, bytes, start, end, trimmed)
    }
    if (found === null || found.index > firstGuarded) {
      this.#findGuards(bytes, start, end)
      for (let i = 0; i < byGuard.length; i++) {
        if (this.#guards[i] === 1) found = this.#first((byGuard[i] as Guarded).items, found, bytes, start, end, trimmed)
      }
    }
    if (found !== null && this.#lookedAt !== found) this.#fits(found, bytes, start, found.keepsSpace ? end : trimmed)
    return found?.message ?? null
  }

  /** The first of the items that fits, or `before` when that comes earlier in the catalogue. */
  #first(items: readonly Candidate[], before: Candidate | null, bytes: Uint8Array, start: number, end: number, trimmed: number): Candidate | null {
    for (let i = 0; i < items.length; i++) {
      const candidate = items[i] as Candidate
      if (before !== null && candidate.index > before.index) break
      if (this.#fits(candidate, bytes, start, candidate.keepsSpace ? end : trimmed)) return candidate
    }
    return before
  }

  /** Notes which guards occur, by one look at each byte. */
  #findGuards(bytes: Uint8Array, start: number, end: number): void {
    const { byGuard } = this.#candidates
    const starts = this.#guardStarts
    for (let g = 0; g < byGuard.length; g++) this.#guards[g] = (byGuard[g] as Guarded).guard.length === 0 ? 1 : 0
    for (let i = start; i < end; i++) {
      if (starts[bytes[i] as number] === 0) continue
      for (let g = 0; g < byGuard.length; g++) {
        if (this.#guards[g] === 0 && startsWith(bytes, (byGuard[g] as Guarded).guard, i, end)) this.#guards[g] = 1
      }
    }
    this.steps += end - start
  }

  #firstSpace(bytes: Uint8Array, start: number, end: number): number {
    let i = start
    while (i < end && bytes[i] !== SPACE) i++
    this.steps += i - start
    return i
  }

  #fits(candidate: Candidate, bytes: Uint8Array, start: number, end: number): boolean {
    this.#lookedAt = candidate
    const { literals, types, pivot, first, last } = candidate
    const count = types.length
    const view = this.#view.of(bytes)
    let low = start + first.length
    let high = end
    if (count === 0) return high === low && first.isAt(view, start, end)
    high -= last.length
    if (low > high || !first.isAt(view, start, end) || !last.isAt(view, high, end)) return false
    for (let i = 0; i < pivot; i++) {
      const literal = literals[i + 1] as Uint8Array
      const at = this.#find(bytes, literal, low, high, types[i] !== 'text')
      if (at < 0 || !this.#take(i, types[i] as HoleType, bytes, low, at)) return false
      low = at + literal.length
    }
    for (let i = count - 1; i > pivot; i--) {
      const literal = literals[i] as Uint8Array
      const at = this.#findLast(bytes, literal, low, high, types[i] !== 'text')
      if (at < 0 || !this.#take(i, types[i] as HoleType, bytes, at + literal.length, high)) return false
      high = at
    }
    const type = types[pivot] as HoleType
    return (type !== 'token' || this.#firstSpace(bytes, low, high) === high) && this.#take(pivot, type, bytes, low, high)
  }

  /** First occurrence in [low, high); `word` gives up at a space before it, which the hole could not hold. */
  #find(bytes: Uint8Array, literal: Uint8Array, low: number, high: number, word: boolean): number {
    const first = literal[0]
    for (let i = low; i + literal.length <= high; i++) {
      const byte = bytes[i]
      if (byte === first && startsWith(bytes, literal, i, high)) {
        this.steps += i - low
        return i
      }
      if (word && byte === SPACE) {
        this.steps += i - low
        return -1
      }
    }
    this.steps += Math.max(0, high - low)
    return -1
  }

  #findLast(bytes: Uint8Array, literal: Uint8Array, low: number, high: number, word: boolean): number {
    const length = literal.length
    const final = literal[length - 1]
    for (let i = high - length; i >= low; i--) {
      const byte = bytes[i + length - 1]
      if (byte === final && startsWith(bytes, literal, i, high)) {
        this.steps += high - i
        return i
      }
      if (word && byte === SPACE) {
        this.steps += high - i
        return -1
      }
    }
    this.steps += Math.max(0, high - low)
    return -1
  }

  /** Of a token only the length is looked at: what found its end has met no space. */
  #take(hole: number, type: HoleType, bytes: Uint8Array, start: number, end: number): boolean {
    if (type === 'int' && readInt(bytes, start, end, INT_DIGITS) < 0) return false
    if (type === 'token' && end <= start) return false
    this.starts[hole] = start
    this.ends[hole] = end
    return true
  }
}
