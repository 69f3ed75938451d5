import type { CompiledMessage } from '../../catalogue/compile.ts'
import { HOLE_FIELDS, type HoleField } from '../../catalogue/document.ts'
import { border } from '../../catalogue/template.ts'
import { barrier, isDigits, lit, litOrNull, type Stage } from './text.ts'

const CODES = { text: 'x', token: 't', int: 'i' } as const
const LEFT = 'abcdefghijklmnopqrstuvwxyz'
const RIGHT = LEFT.toUpperCase()
const PIVOT = '*'
const NONE = '-'

/** The literals around a message's holes as the SQL takes them: from each end towards the pivot. */
interface Steps {
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly leftTypes: string
  readonly rightTypes: string
  readonly pivotType: string
  /** For each of HOLE_FIELDS, which step gives it. */
  readonly fields: string
}

function stepsOf({ literals, holes, pivot }: CompiledMessage): Steps {
  const before = Math.max(pivot, 0)
  const behind = holes.slice(before + 1)
  const code = (name: HoleField): string => {
    const hole = holes.findIndex(({ field }) => field === name)
    if (hole < 0) return NONE
    if (hole === pivot) return PIVOT
    return (hole < pivot ? LEFT[hole] : RIGHT[holes.length - 1 - hole]) as string
  }
  return {
    left: literals.slice(1, before + 1),
    right: literals.slice(before + 1, -1).reverse(),
    leftTypes: holes.slice(0, before).map(({ type }) => CODES[type]).join(''),
    rightTypes: behind.map(({ type }) => CODES[type]).reverse().join(''),
    pivotType: CODES[holes[pivot]?.type ?? 'text'],
    fields: HOLE_FIELDS.map(code).join(''),
  }
}

/**
 * The text behind the last `literal` can be had by split_part, which takes occurrences from the left, unless the literal begins and ends
 * alike (` from `) and so may overlap itself. With that edge doubled in both it does not.
 */
function doubled(literal: string): string {
  const edge = border(literal)
  return edge === '' ? literal : edge + literal.slice(edge.length, -edge.length).replaceAll(edge, edge + edge) + edge
}

/** A character that no literal has, to pack several into one text. */
function separator(messages: readonly CompiledMessage[]): string {
  const used = new Set(messages.flatMap(({ literals }) => literals.flatMap(literal => [...literal])))
  const free = [...'~^|`@$#;&?+*%!<>{}[]()=,.:-_/ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find(c => !used.has(c))
  if (free === undefined) throw new RangeError('the catalogue leaves no character free')
  return free
}

export interface TemplatesSql {
  /** Common table expressions; the last one is named `templates` and has one row a message, and one (no 99999) for no message. */
  readonly relation: string
  /** Stages over a row that has a line and its candidate; they add `hole_<field>` and `candidate_fits`. */
  readonly stages: readonly Stage[]
}

/** Stands for "no message fits" among a line's candidates: the last of them. */
export const NO_TEMPLATE = 99_999

export function templatesSql(messages: readonly CompiledMessage[]): TemplatesSql {
  const steps = messages.map(stepsOf)
  const mark = separator(messages)
  const lefts = Math.max(0, ...steps.map(({ left }) => left.length))
  const rights = Math.max(0, ...steps.map(({ right }) => right.length))
  return { relation: relation(messages, steps, mark, lefts, rights), stages: holeStages(lefts, rights) }
}

function relation(messages: readonly CompiledMessage[], steps: readonly Steps[], mark: string, lefts: number, rights: number): string {
  const pack = (literals: readonly string[]): string => lit(literals.join(mark))
  const rows = messages.map((message, i) => {
    const { left, right, leftTypes, rightTypes, pivotType, fields } = steps[i] as Steps
    const { index, id, event, outcome, preauth = outcome, attempt, text, set, literals, holes } = message
    const constants = [id, event, outcome, preauth, attempt, text, set.user, set.user_valid, set.method, set.fingerprint, set.protocol, set.reason, set.session]
    const firstLength = (literals[0] as string).length
    const lastLength = holes.length === 0 ? 0 : (literals[holes.length] as string).length
    const shape = [leftTypes, rightTypes, pivotType, fields].map(lit)
    const packed = [pack(left), pack(right), pack(right.map(border)), pack(right.map(doubled))]
    return `(${[index, ...constants.map(litOrNull), message.keepsTrailingSpace, firstLength, lastLength, ...shape, ...packed].join(', ')})`
  })
  const none = `(${NO_TEMPLATE}, ${'NULL, '.repeat(13)}true, 0, 0, '', '', 'x', '${NONE.repeat(HOLE_FIELDS.length)}', '', '', '', '')`
  const columns = [
    'no, id, event, outcome, preauth, attempt, text, set_user, set_user_valid, set_method, set_fingerprint, set_protocol, set_reason, set_session',
    'keeps_space, first_length, last_length, left_types, right_types, pivot_type, fields, lefts, rights, edges, doubles',
  ].join(', ')
  const nth = (packed: string, i: number): string => `split_part(v.${packed}, ${lit(mark)}, ${i})`
  const each = (n: number, make: (i: number) => string[]): string[] => Array.from({ length: n }, (_, i) => make(i + 1)).flat()
  const unpacked = [
    ...each(lefts, i => [`${nth('lefts', i)} AS left${i}`]),
    ...each(rights, i => [`${nth('rights', i)} AS right${i}`, `${nth('edges', i)} AS edge${i}`, `${nth('doubles', i)} AS double${i}`]),
  ]
  return `catalogue AS (\n  SELECT * FROM (VALUES\n${[...rows, none].join(',\n')}\n  ) AS v(${columns})\n),
templates AS (\n  SELECT v.*${unpacked.map(column => `,\n    ${column}`).join('')}\n  FROM catalogue v\n)`
}

const typed = (type: string, text: string): string =>
  `CASE ${type} WHEN 'i' THEN ${isDigits(text, 1, 10)} WHEN 't' THEN ${text} <> '' AND instr(${text}, ' ') = 0 ELSE true END`

function holeStages(lefts: number, rights: number): Stage[] {
  const stages: Stage[] = [
    {
      name: 'c_middle',
      columns: {
        middle0: `CASE WHEN p.keeps_space THEN substr(p.body, p.first_length + 1, greatest(length(p.body) - p.first_length - p.last_length, 0))
      ELSE substr(p.body_trimmed, p.first_length + 1, greatest(length(p.body_trimmed) - p.first_length - p.last_length, 0)) END`,
      },
    },
  ]
  let middle = 'middle0'
  const take = (name: string, has: string, text: string, rest: (text: string) => string): void => {
    stages.push({ name: `c_${name}`, columns: { [`hole_${name}`]: `CASE WHEN ${has} THEN ${text} END` } })
    stages.push({ name: `c_${name}_rest`, columns: { [`middle_${name}`]: `CASE WHEN ${has} THEN ${rest(`p.hole_${name}`)} ELSE p.${middle} END` } })
    middle = `middle_${name}`
  }
  for (let i = 1; i <= lefts; i++) {
    take(
      `left${i}`,
      `length(p.left_types) >= ${i}`,
      `split_part(p.${middle}, p.left${i}, 1)`,
      text => `substr(p.${middle}, length(${text}) + length(p.left${i}) + 1)`,
    )
  }
  for (let i = 1; i <= rights; i++) {
    const edge = `p.edge${i}`
    const twice = `concat(${edge}, ${edge})`
    take(
      `right${i}`,
      `length(p.right_types) >= ${i}`,
      `CASE WHEN ${edge} = '' THEN split_part(p.${middle}, p.right${i}, -1)
      ELSE replace(substr(split_part(replace(p.${middle}, ${edge}, ${twice}), p.double${i}, -1), length(${edge}) + 1), ${twice}, ${edge}) END`,
      text => `substr(p.${middle}, 1, greatest(length(p.${middle}) - length(${text}) - length(p.right${i}), 0))`,
    )
  }
  const numbered = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
  const checks = [
    ...numbered(lefts).map(i => typed(`substr(p.left_types, ${i}, 1)`, `p.hole_left${i}`)),
    ...numbered(rights).map(i => typed(`substr(p.right_types, ${i}, 1)`, `p.hole_right${i}`)),
    typed('p.pivot_type', `p.${middle}`),
  ]
  const fieldText = (position: number): string =>
    `CASE substr(p.fields, ${position}, 1) WHEN '${PIVOT}' THEN p.${middle}
      ${numbered(lefts).map(i => `WHEN '${LEFT[i - 1]}' THEN p.hole_left${i}`).join(' ')}
      ${numbered(rights).map(i => `WHEN '${RIGHT[i - 1]}' THEN p.hole_right${i}`).join(' ')} END`
  stages.push({ name: 'c_fits', columns: { candidate_fits: barrier(`(${checks.join('\n      AND ')})`) } })
  stages.push({ name: 'c_fields', columns: Object.fromEntries(HOLE_FIELDS.map((name, i) => [`text_${name}`, fieldText(i + 1)])) })
  return stages
}
