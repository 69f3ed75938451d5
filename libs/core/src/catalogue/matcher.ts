import { encode, Literal, readInt, startsWith, View } from './bytes.ts'
import type { CompiledMessage } from './compile.ts'
import type { HoleType } from './document.ts'
import { buildTrie, type TrieNode } from './trie.ts'

const SPACE = 0x20
const INT_DIGITS = 10

/** A message as bytes. */
interface Candidate {
  readonly message: CompiledMessage
  readonly index: number
  readonly keepsSpace: boolean
  readonly literals: readonly Uint8Array[]
  readonly first: Literal
  readonly last: Literal
  readonly types: readonly HoleType[]
  readonly pivot: number
}

/** The first literal of these is too short to tell much, so they are kept out of the trie, which would hold them in each of its nodes. */
const isGeneral = ({ literals }: Candidate): boolean => (literals[0] as Uint8Array).length < 2

/** A trie node with its branches by byte. */
interface Node {
  readonly at: number
  readonly next: readonly (Node | undefined)[] | null
  readonly items: readonly Candidate[]
}

function byByte({ at, next, items }: TrieNode<Candidate>): Node {
  if (next.size === 0) return { at, next: null, items }
  const branches = new Array<Node | undefined>(256).fill(undefined)
  for (const [byte, node] of next) branches[byte] = byByte(node)
  return { at, next: branches, items }
}

/** Finds the first message of a catalogue that fits a body. One object is used again and again: `match` overwrites its holes. */
export class Matcher {
  /** Start and end of each hole in the bytes given to `match`. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Bytes looked at since it was made: the tests hold it linear. */
  steps = 0
  readonly #root: Node
  readonly #general: readonly Candidate[]
  #lookedAt: Candidate | null = null
  readonly #view = new View()

  constructor(messages: readonly CompiledMessage[]) {
    const most = Math.max(1, ...messages.map(message => message.holes.length))
    this.starts = new Int32Array(most)
    this.ends = new Int32Array(most)
    const candidates = messages.map(message => ({
      message,
      index: message.index,
      keepsSpace: message.keepsTrailingSpace,
      literals: message.literals.map(encode),
      first: new Literal(encode(message.literals[0] as string)),
      last: new Literal(encode(message.literals[message.holes.length] as string)),
      types: message.holes.map(hole => hole.type),
      pivot: message.pivot,
    }))
    this.#general = candidates.filter(isGeneral)
    const specific = candidates.filter(candidate => !isGeneral(candidate))
    this.#root = byByte(buildTrie(specific, candidate => candidate.literals[0] as Uint8Array, 'along'))
  }

  /** @param trimmed `end` without the spaces at the body's end. */
  match(bytes: Uint8Array, start: number, end: number, trimmed: number): CompiledMessage | null {
    const specific = this.#specific(bytes, start, end, trimmed)
    const before = specific === null ? Number.POSITIVE_INFINITY : specific.index
    for (let i = 0; i < this.#general.length; i++) {
      const candidate = this.#general[i] as Candidate
      if (candidate.index > before) break
      if (this.#fits(candidate, bytes, start, candidate.keepsSpace ? end : trimmed)) return candidate.message
    }
    // The holes are of the candidate looked at last.
    if (specific !== null && this.#lookedAt !== specific) this.#fits(specific, bytes, start, specific.keepsSpace ? end : trimmed)
    return specific?.message ?? null
  }

  #specific(bytes: Uint8Array, start: number, end: number, trimmed: number): Candidate | null {
    let node = this.#root
    while (node.next !== null) {
      const at = start + node.at
      const next = at < end ? node.next[bytes[at] as number] : undefined
      if (next === undefined) break
      node = next
    }
    const { items } = node
    for (let i = 0; i < items.length; i++) {
      const candidate = items[i] as Candidate
      if (this.#fits(candidate, bytes, start, candidate.keepsSpace ? end : trimmed)) return candidate
    }
    return null
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
    return this.#take(pivot, types[pivot] as HoleType, bytes, low, high)
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
      if (word && byte === SPACE) return -1
    }
    this.steps += high - low
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
      if (word && byte === SPACE) return -1
    }
    this.steps += Math.max(0, high - low)
    return -1
  }

  #take(hole: number, type: HoleType, bytes: Uint8Array, start: number, end: number): boolean {
    if (type === 'int' && readInt(bytes, start, end, INT_DIGITS) < 0) return false
    if (type === 'token') {
      if (end <= start) return false
      for (let i = start; i < end; i++) if (bytes[i] === SPACE) return false
    }
    this.starts[hole] = start
    this.ends[hole] = end
    return true
  }
}
