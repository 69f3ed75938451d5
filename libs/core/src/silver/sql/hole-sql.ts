import type { CompiledMessage } from '../../catalogue/compile.ts'
import type { HoleType } from '../../catalogue/document.ts'
import { border } from '../../catalogue/template.ts'
import { lit } from './text.ts'

/** What a body gives for one message: valid where the body is LIKE its literals and `checks` hold. */
export interface HoleSql {
  /** The text of each hole. */
  readonly texts: readonly string[]
  /** Conditions that the texts stand where the template has them. */
  readonly checks: readonly string[]
}

export const bodyOf = (message: CompiledMessage): string => (message.keepsTrailingSpace ? 'p.body' : 'p.body_trimmed')

const spaces = (text: string): number => text.split(' ').length - 1
const joined = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(', ')})`)

/** A word without so many characters at its ends. */
function inner(word: string, before: number, after: number): string {
  if (before === 0 && after === 0) return word
  return after === 0 ? `substr(${word}, ${before + 1})` : `substr(${word}, ${before + 1}, greatest(length(${word}) - ${before + after}, 0))`
}

/**
 * The text behind the last `literal` in `value`. split_part takes occurrences from the left, so a literal that begins and ends alike
 * (` from `) would miss one that overlaps the one before; with that part doubled they do not overlap.
 */
function afterLast(value: string, literal: string): string {
  const edge = border(literal)
  if (edge === '') return `split_part(${value}, ${lit(literal)}, -1)`
  const doubled = edge + literal.slice(edge.length, -edge.length).replaceAll(edge, edge + edge) + edge
  const behind = `split_part(replace(${value}, ${lit(edge)}, ${lit(edge + edge)}), ${lit(doubled)}, -1)`
  return `replace(substr(${behind}, ${edge.length + 1}), ${lit(edge + edge)}, ${lit(edge)})`
}

/** A hole and the literal that bounds it, in the order in which they are met from one end of the text. */
interface Step {
  readonly hole: number
  readonly type: HoleType
  readonly literal: string
}

/**
 * Takes holes off one end of `rest`. A typed hole holds no space, so where the literals between holes have one, each hole is in a word
 * of its own at a known place, which keeps the expressions short; else it is split off by its literal.
 */
function takeHoles(from: string, steps: readonly Step[], end: 'left' | 'right', texts: string[], checks: string[]): string {
  let rest = from
  for (let i = 0; i < steps.length; ) {
    let words = 0
    let attached = 0
    const parts: string[] = []
    for (; i < steps.length; i++) {
      const { hole, type, literal } = steps[i] as Step
      if (type === 'text' || !literal.includes(' ')) break
      const before = literal.lastIndexOf(' ') + 1
      const tight = end === 'left' ? literal.indexOf(' ') : literal.length - before
      const word = `split_part(${rest}, ' ', ${end === 'left' ? words + 1 : -(words + 1)})`
      const text = end === 'left' ? inner(word, attached, tight) : inner(word, tight, attached)
      texts[hole] = text
      if (end === 'left') parts.push(text, lit(literal))
      else parts.unshift(lit(literal), text)
      words += spaces(literal)
      attached = end === 'left' ? literal.length - before : literal.indexOf(' ')
    }
    if (parts.length > 0) {
      const taken = joined(parts)
      checks.push(`${end}(${rest}, length(${taken})) = ${taken}`)
      rest = end === 'left' ? `substr(${rest}, length(${taken}) + 1)` : `substr(${rest}, 1, length(${rest}) - length(${taken}))`
      continue
    }
    const { hole, literal } = steps[i] as Step
    const text = end === 'left' ? `split_part(${rest}, ${lit(literal)}, 1)` : afterLast(rest, literal)
    texts[hole] = text
    const taken = `length(${text}) + ${literal.length}`
    rest = end === 'left' ? `substr(${rest}, ${taken} + 1)` : `substr(${rest}, 1, length(${rest}) - (${taken}))`
    i++
  }
  return rest
}

/** The same holes as Matcher finds. */
export function holeSql(message: CompiledMessage): HoleSql {
  const { literals, holes, pivot } = message
  const body = bodyOf(message)
  const first = literals[0] as string
  const last = literals[holes.length] as string
  const texts = holes.map(() => '')
  const checks: string[] = []
  const step = (hole: number, literal: number): Step => ({ hole, type: holes[hole]?.type ?? 'text', literal: literals[literal] as string })
  const all = `substr(${body}, ${first.length + 1}${last === '' ? '' : `, length(${body}) - ${first.length + last.length}`})`
  const left = holes.slice(0, Math.max(pivot, 0)).map((_, i) => step(i, i + 1))
  const right = holes.map((_, i) => step(i, i)).slice(pivot + 1).reverse()
  texts[pivot] = takeHoles(takeHoles(all, left, 'left', texts, checks), right, 'right', texts, checks)
  return { texts, checks }
}
