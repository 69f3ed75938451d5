import type { CompiledMessage } from '../../catalogue/compile.ts'
import { behindWord, guardOf, startsSpecifically } from '../../catalogue/template.ts'
import { buildTrie, type TrieNode } from '../../catalogue/trie.ts'
import { like, lit } from './text.ts'

/** Each candidate is its message's index in so many digits. */
export const INDEX_DIGITS = 5

const bodyOf = (message: CompiledMessage): string => (message.keepsTrailingSpace ? 'p.body' : 'p.body_trimmed')

function test(message: CompiledMessage): string {
  const { holes, literals, index } = message
  const fits = holes.length === 0 ? `${bodyOf(message)} = ${lit(literals[0] as string)}` : like(bodyOf(message), literals)
  return `CASE WHEN ${fits} THEN '${String(index).padStart(INDEX_DIGITS, '0')}' ELSE '' END`
}

const joined = (parts: readonly string[]): string =>
  parts.length === 0 ? `''` : parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(',\n')})`

function walk(node: TrieNode<CompiledMessage>, text: string): string {
  const options = node.items.map(test)
  if (node.next.size > 0) {
    const whens = [...node.next].map(([unit, next]) => `WHEN ${lit(String.fromCharCode(unit))} THEN ${walk(next, text)}`)
    options.push(`CASE substr(${text}, ${node.at + 1}, 1)\n${whens.join('\n')}\nELSE '' END`)
  }
  return joined(options)
}

/** How many messages one body can meet at most. */
const most = (node: TrieNode<CompiledMessage>): number => node.items.length + Math.max(0, ...[...node.next.values()].map(most))

/** Those that start with a text hole: all looked at, but only where the start of their next literal occurs. */
function byGuard(messages: readonly CompiledMessage[]): string[] {
  const groups = Map.groupBy(messages, guardOf)
  return [...groups].map(([guard, group]) =>
    guard === '' ? joined(group.map(test)) : `CASE WHEN instr(p.body, ${lit(guard)}) > 0 THEN ${joined(group.map(test))} ELSE '' END`,
  )
}

/** The messages whose literals a body has, as one text of indexes; the types of their holes are not looked at. */
export function candidatesSql(messages: readonly CompiledMessage[]): { columns: Record<string, string>; most: number } {
  const units = (text: string): number[] => [...text].map(c => c.charCodeAt(0))
  const specific = messages.filter(startsSpecifically)
  const worded = messages.filter(message => behindWord(message) !== null)
  const rest = messages.filter(message => !specific.includes(message) && behindWord(message) === null)
  const byStart = buildTrie(specific, message => units(message.literals[0] as string), 'apart')
  const byWord = buildTrie(worded, message => units(behindWord(message) as string), 'apart')
  return {
    columns: {
      by_start: walk(byStart, 'p.body'),
      by_word: walk(byWord, `substr(p.body, instr(p.body, ' ') + 1)`),
      by_guard: joined(byGuard(rest)),
    },
    most: most(byStart) + most(byWord) + rest.length,
  }
}
