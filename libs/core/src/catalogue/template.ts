import { HOLE_FIELDS, HOLE_TYPES, type HoleField, type HoleType } from './document.ts'

export interface Hole {
  /** The silver field it fills; null when anonymous. */
  readonly field: HoleField | null
  readonly type: HoleType
}

/**
 * A template taken apart: literals[0] hole[0] literals[1] … hole[n-1] literals[n]. Literals before the pivot hole are found from the left
 * by their first occurrence, those after it from the right by their last one: the pivot may hold text that the client wrote.
 */
export interface Template {
  readonly literals: readonly string[]
  readonly holes: readonly Hole[]
  /** Index of the first text hole, else of the last hole; -1 without holes. */
  readonly pivot: number
  /** With each hole as `<*>`. */
  readonly text: string
  /** True where spaces at the end of a message belong to the last hole; else they are ignored. */
  readonly keepsTrailingSpace: boolean
}

const DEFAULT_TYPES: Readonly<Record<HoleField, HoleType>> = {
  user: 'text',
  reason: 'text',
  address: 'token',
  rhost: 'token',
  port: 'int',
  method: 'token',
  fingerprint: 'token',
  protocol: 'token',
  session: 'token',
}

const isField = (name: string): name is HoleField => (HOLE_FIELDS as readonly string[]).includes(name)
const isType = (name: string): name is HoleType => (HOLE_TYPES as readonly string[]).includes(name)

function readHole(source: string, faults: string[]): Hole {
  const colon = source.indexOf(':')
  const name = colon < 0 ? source : source.slice(0, colon)
  const type = colon < 0 ? '' : source.slice(colon + 1)
  if (name !== '' && !isField(name)) faults.push(`unknown hole {${source}}: a name must be one of ${HOLE_FIELDS.join(', ')}`)
  if (colon >= 0 && !isType(type)) faults.push(`unknown hole type in {${source}}: one of ${HOLE_TYPES.join(', ')}`)
  const field = isField(name) ? name : null
  if (field === 'port' && type !== '' && type !== 'int') faults.push('a port is an int')
  return { field, type: isType(type) ? type : field === null ? 'text' : DEFAULT_TYPES[field] }
}

/** Takes a template apart. `faults` says in words what is wrong with it. */
export function parseTemplate(source: string): { template: Template; faults: string[] } {
  const faults: string[] = []
  const literals: string[] = []
  const holes: Hole[] = []
  let at = 0
  for (;;) {
    const open = source.indexOf('{', at)
    const close = open < 0 ? -1 : source.indexOf('}', open)
    if (close < 0) break
    literals.push(source.slice(at, open))
    holes.push(readHole(source.slice(open + 1, close), faults))
    at = close + 1
  }
  literals.push(source.slice(at))
  const last = literals.length - 1
  literals[last] = trimEnd(literals[last] as string)
  if (/[{}]/.test(literals.join(''))) faults.push('a brace without its partner')
  for (let i = 1; i < last; i++) if (literals[i] === '') faults.push('two holes touch')
  const names = holes.flatMap(hole => hole.field ?? [])
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) faults.push(`two holes are named ${name}`)
  const firstText = holes.findIndex(hole => hole.type === 'text')
  const pivot = firstText < 0 ? holes.length - 1 : firstText
  // SQL finds a last occurrence right only up to this.
  for (const literal of literals.slice(pivot + 1, last)) if (border(border(literal)) !== '') faults.push(`the literal "${literal}" overlaps itself`)
  if (literals.some(literal => /[^\x20-\x7e]/.test(literal))) faults.push('a character that is not printable ASCII')
  return {
    template: {
      literals,
      holes,
      pivot,
      text: literals.join('<*>'),
      keepsTrailingSpace: literals[last] === '' && holes[last - 1]?.type === 'text',
    },
    faults,
  }
}

/** Without the spaces, tabs and CRs at its end. */
export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && ' \t\r'.includes(text[end - 1] as string)) end--
  return text.slice(0, end)
}

/** The longest text that `literal` both begins and ends with, itself not counted. */
export function border(literal: string): string {
  for (let n = literal.length - 1; n > 0; n--) if (literal.endsWith(literal.slice(0, n))) return literal.slice(0, n)
  return ''
}

const SHORT = 2
const GUARD = 6

type Taken = Pick<Template, 'literals' | 'holes'>

/** Whether its first literal tells enough to look for it by that. */
export const startsSpecifically = ({ literals }: Taken): boolean => (literals[0] as string).length >= SHORT

/** What stands behind the first space of a message that starts with a typed hole, which has none; null for other messages. */
export function behindWord(template: Taken): string | null {
  const literal = template.literals[1] ?? ''
  if (startsSpecifically(template) || template.holes[0]?.type === 'text' || !literal.includes(' ')) return null
  return literal.slice(literal.indexOf(' ') + 1)
}

/** A text that must occur in a message that starts with a hole. */
export const guardOf = ({ literals }: Taken): string => (literals[1] ?? '').slice(0, GUARD)
