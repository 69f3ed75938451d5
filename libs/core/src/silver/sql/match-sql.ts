import type { CompiledMessage } from '../../catalogue/compile.ts'
import { buildTrie, type TrieNode } from '../../catalogue/trie.ts'
import { bodyOf, holeSql } from './hole-sql.ts'
import { isDigits, like, lit } from './text.ts'

function fits(message: CompiledMessage): string {
  if (message.holes.length === 0) return `${bodyOf(message)} = ${lit(message.literals[0] as string)}`
  const { texts, checks } = holeSql(message)
  const conditions = [like(bodyOf(message), message.literals), ...checks]
  texts.forEach((text, i) => {
    const type = message.holes[i]?.type
    if (type === 'int') conditions.push(isDigits(text, 1, 10))
    if (type === 'token') conditions.push(`${text} <> '' AND instr(${text}, ' ') = 0`)
  })
  return conditions.join(' AND ')
}

const firstOf = (messages: readonly CompiledMessage[]): string =>
  `CASE ${messages.map(message => `WHEN ${fits(message)} THEN ${message.index}`).join('\n')} END`

function choose(node: TrieNode<CompiledMessage>): string {
  const options = node.items.length === 0 ? [] : [firstOf(node.items)]
  if (node.next.size > 0) {
    const whens = [...node.next].map(([unit, next]) => `WHEN ${lit(String.fromCharCode(unit))} THEN ${choose(next)}`)
    options.push(`CASE substr(p.body, ${node.at + 1}, 1)\n${whens.join('\n')} END`)
  }
  // least() passes over nulls in both engines; the least index is the first message of the catalogue.
  return options.length === 1 ? (options[0] as string) : `least(${options.join(',\n')})`
}

/** The first literal of these is too short to tell much: a body is tried with them only where no better message stands before them. */
const isGeneral = (message: CompiledMessage): boolean => (message.literals[0] as string).length < 2

/** The index of the first message that fits `p.body`, null when none does, as two stages. */
export function matchSql(messages: readonly CompiledMessage[]): { specific: string; all: string } {
  const specific = messages.filter(message => !isGeneral(message))
  const trie = buildTrie(specific, message => [...(message.literals[0] as string)].map(c => c.charCodeAt(0)), 'apart')
  const whens = messages.filter(isGeneral).map(message => `WHEN p.specific_no < ${message.index} THEN p.specific_no\nWHEN ${fits(message)} THEN ${message.index}`)
  return {
    specific: specific.length === 0 ? 'cast(NULL AS INT)' : choose(trie),
    all: whens.length === 0 ? 'p.specific_no' : `CASE WHEN p.body IS NULL THEN NULL\n${whens.join('\n')}\nELSE p.specific_no END`,
  }
}

const FEW = 8

/** Picks an expression by `template_no`, through halves, so that a row meets few comparisons. */
export function pick(cases: readonly (readonly [number, string])[]): string {
  if (cases.length === 0) return 'cast(NULL AS STRING)'
  if (cases.length <= FEW) return `CASE p.template_no ${cases.map(([index, text]) => `WHEN ${index} THEN ${text}`).join('\n')} END`
  const half = cases.length >> 1
  return `CASE WHEN p.template_no < ${(cases[half] as readonly [number, string])[0]} THEN ${pick(cases.slice(0, half))}\nELSE ${pick(cases.slice(half))} END`
}
