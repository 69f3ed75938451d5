/** Items by their first literal: a node looks at the unit at one place of a text. */
export interface TrieNode<T> {
  readonly at: number
  readonly next: ReadonlyMap<number, TrieNode<T>>
  /** In their first order; in a node that leads on: those whose literal has ended before `at`. */
  readonly items: readonly T[]
}

const ENOUGH = 2

/**
 * @param literalOf The units (bytes or characters) that a text must start with to fit the item.
 * @param ended What becomes of items whose literal has ended: `along` puts them into each node further on too, so that one node has all
 * that can fit; `apart` leaves them in their node, so that the size stays linear and the caller looks at all nodes on the way.
 */
export function buildTrie<T>(items: readonly T[], literalOf: (item: T) => ArrayLike<number>, ended: 'along' | 'apart', from = 0): TrieNode<T> {
  if (items.length >= ENOUGH) {
    const longest = Math.max(...items.map(item => literalOf(item).length))
    for (let at = from; at < longest; at++) {
      const units = new Set(items.map(item => literalOf(item)[at]).filter(unit => unit !== undefined))
      if (units.size < 2) continue
      const next = new Map<number, TrieNode<T>>()
      for (const unit of units) {
        const fitting = items.filter(item => literalOf(item)[at] === unit || (ended === 'along' && literalOf(item).length <= at))
        next.set(unit, buildTrie(fitting, literalOf, ended, at + 1))
      }
      return { at, next, items: items.filter(item => literalOf(item).length <= at) }
    }
  }
  return { at: 0, next: new Map(), items }
}
