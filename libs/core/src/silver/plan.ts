import { encode } from '../catalogue/bytes.ts'
import type { CompiledMessage } from '../catalogue/compile.ts'
import type { HoleField } from '../catalogue/document.ts'
import { Constant } from './json-bytes.ts'
import { Said } from './said.ts'

/** A stretch of an event's JSON: constant bytes, then at most one value. */
export interface Segment {
  readonly constant: Constant
  /**
   * string: the inside of a string, never empty. nullable: a string, null when empty. int: digits. repeat and message: of the line.
   * end: nothing.
   */
  readonly value: 'string' | 'nullable' | 'int' | 'repeat' | 'message' | 'end'
  readonly hole: number
}

/** How to write the JSON of one catalogue entry in one wrapping: all that is not of the line itself is ready as bytes. */
export interface EventPlan {
  /** From behind the pid to `"user":`. */
  readonly head: Constant
  readonly segments: readonly Segment[]
  /** How many holes the message has. */
  readonly holes: number
  /** Bytes that the constants need. */
  readonly size: number
  readonly userHole: number
  /** Constant user; null when it is a hole or none. */
  readonly user: Said | null
  readonly userValid: boolean | null
  /** Where address_raw stands: the address hole, else the rhost hole; -1 for none. */
  readonly addressHole: number
  /** Neither gives to nor takes from the lines of its pid. */
  readonly alone: boolean
  /** What the columns say of it. */
  readonly event: Said
  readonly outcome: Said
  readonly attempt: Said | null
  readonly rhost: PlanText
  readonly method: PlanText
  readonly fingerprint: PlanText
  readonly reason: PlanText
}

/** A text that is a hole's, or the same in each event, or null. */
export interface PlanText {
  /** -1: no hole. */
  readonly hole: number
  readonly constant: Said | null
}

const TAIL: readonly Exclude<HoleField, 'user' | 'address'>[] = ['rhost', 'port', 'method', 'fingerprint', 'protocol', 'reason', 'session']

class SegmentList {
  readonly segments: Segment[] = []
  #constant = ''

  text(constant: string): this {
    this.#constant += constant
    return this
  }

  value(value: Segment['value'], hole = -1): this {
    this.segments.push({ constant: new Constant(this.#constant), value, hole })
    this.#constant = ''
    return this
  }
}

export interface PlanInput {
  /** null: no entry fits, or another program. */
  readonly message: CompiledMessage | null
  readonly event: string
  readonly outcome: CompiledMessage['outcome']
  readonly template: string
  /** False when repeat is always 1. */
  readonly repeats: boolean
}

export function eventPlan({ message, event, outcome, template, repeats }: PlanInput): EventPlan {
  const json = JSON.stringify
  const holeOf = (field: HoleField): number => message?.holes.findIndex(hole => hole.field === field) ?? -1
  const set = message?.set ?? {}
  const textOf = (field: 'method' | 'fingerprint' | 'reason'): PlanText => ({ hole: holeOf(field), constant: said(set[field] ?? null) })
  const attempt = message?.attempt ?? null
  const list = new SegmentList()
  for (const field of TAIL) {
    const hole = holeOf(field)
    list.text(`,"${field}":`)
    if (hole < 0) list.text(json((field === 'rhost' || field === 'port' ? undefined : set[field]) ?? null))
    else if (field === 'port') list.value('int', hole)
    else if (message?.holes[hole]?.type === 'text') list.value('nullable', hole)
    else list.text('"').value('string', hole).text('"')
  }
  list.text(',"repeat":')
  if (repeats) list.value('repeat')
  else list.text('1')
  list.text(`,"template_id":${json(message?.id ?? null)},"template":${json(template)},"message":"`).value('message').text('"}\n').value('end')
  const head = `,"event":${json(event)},"outcome":${json(outcome)},"attempt":${json(attempt)},"user":`
  const addressHole = holeOf('address')
  return {
    alone: message?.alone ?? false,
    head: new Constant(head),
    segments: list.segments,
    holes: message?.holes.length ?? 0,
    size: head.length * 2 + list.segments.reduce((sum, segment) => sum + segment.constant.length, 0),
    userHole: holeOf('user'),
    user: said(set.user ?? null),
    userValid: set.user_valid ?? null,
    addressHole: addressHole < 0 ? holeOf('rhost') : addressHole,
    event: new Said(encode(event)),
    outcome: new Said(encode(outcome)),
    attempt: said(attempt),
    rhost: { hole: holeOf('rhost'), constant: null },
    method: textOf('method'),
    fingerprint: textOf('fingerprint'),
    reason: textOf('reason'),
  }
}

const said = (text: string | null): Said | null => (text === null ? null : new Said(encode(text)))
