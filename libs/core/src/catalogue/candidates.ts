import { encode, Literal } from './bytes.ts'
import type { CompiledMessage } from './compile.ts'
import type { HoleType } from './document.ts'
import { behindWord, guardOf, startsSpecifically } from './template.ts'
import { buildTrie, type TrieNode } from './trie.ts'

/** A message as bytes. */
export interface Candidate {
  readonly message: CompiledMessage
  readonly index: number
  readonly keepsSpace: boolean
  readonly literals: readonly Uint8Array[]
  readonly first: Literal
  readonly last: Literal
  readonly types: readonly HoleType[]
  readonly pivot: number
}

export interface Guarded {
  readonly guard: Uint8Array
  readonly items: readonly Candidate[]
}

/** A trie node with its branches by byte. */
interface Node {
  readonly at: number
  readonly next: readonly (Node | undefined)[] | null
  readonly items: readonly Candidate[]
}

/** The messages of a catalogue by how a body must begin, so that few are looked at. Lists are in the order of the catalogue. */
export class Candidates {
  /** By the first literal. */
  readonly byStart: Node
  /** Those that start with a hole without spaces, by what stands behind the first space. */
  readonly byWord: Node
  /** Those that start with text, by the start of the literal behind it, which must occur. */
  readonly byGuard: readonly Guarded[]
  /** Index of the first message in byWord and in byGuard; infinite without one. */
  readonly firstWorded: number
  readonly firstGuarded: number

  constructor(messages: readonly CompiledMessage[]) {
    const specific = messages.filter(startsSpecifically)
    const worded = messages.filter(message => behindWord(message) !== null)
    const rest = messages.filter(message => !startsSpecifically(message) && behindWord(message) === null)
    this.firstWorded = worded[0]?.index ?? Infinity
    this.firstGuarded = rest[0]?.index ?? Infinity
    this.byStart = trie(specific, message => message.literals[0] as string)
    this.byWord = trie(worded, message => behindWord(message) as string)
    this.byGuard = [...Map.groupBy(rest, guardOf)].map(([guard, group]) => ({ guard: encode(guard), items: group.map(candidate) }))
  }
}

const candidate = (message: CompiledMessage): Candidate => ({
  message,
  index: message.index,
  keepsSpace: message.keepsTrailingSpace,
  literals: message.literals.map(encode),
  first: new Literal(encode(message.literals[0] as string)),
  last: new Literal(encode(message.literals[message.holes.length] as string)),
  types: message.holes.map(hole => hole.type),
  pivot: message.pivot,
})

function trie(messages: readonly CompiledMessage[], textOf: (message: CompiledMessage) => string): Node {
  const items = messages.map(message => ({ made: candidate(message), bytes: encode(textOf(message)) }))
  return byByte(buildTrie(items, ({ bytes }) => bytes, 'along'))
}

function byByte({ at, next, items }: TrieNode<{ readonly made: Candidate }>): Node {
  const made = items.map(item => item.made)
  if (next.size === 0) return { at, next: null, items: made }
  const branches = new Array<Node | undefined>(256).fill(undefined)
  for (const [byte, node] of next) branches[byte] = byByte(node)
  return { at, next: branches, items: made }
}

/** All that can fit where a body's bytes from `start` on are looked up. */
export function lookUp(root: Node, bytes: Uint8Array, start: number, end: number): readonly Candidate[] {
  let node = root
  while (node.next !== null) {
    const at = start + node.at
    const next = at < end ? node.next[bytes[at] as number] : undefined
    if (next === undefined) break
    node = next
  }
  return node.items
}
