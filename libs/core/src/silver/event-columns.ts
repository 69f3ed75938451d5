import type { PendingEvent } from './pending.ts'
import type { PlanText } from './plan.ts'
import { type Said, SaidCache } from './said.ts'
import { Words } from './words.ts'

/** Rows that are handed on at once at most. */
const MAX_ROWS = 122_880
/** Memory for so many at first, four times as many each time they are full: most files are small, and all rows take 10 MB. */
const FIRST_ROWS = 1920
/** A dictionary of this size ends a group before its rows do, or memory would not be bounded. */
const MAX_WORD_BYTES = 16 << 20

/**
 * The columns of events that are handed on beside the JSON: those that gold and ml read. number and time (microseconds since the epoch) are
 * whole, boolean is 0 or 1, text is the place of a word in a dictionary; -1 is null, but for a time.
 */
export const EVENT_COLUMNS = {
  line_no: 'number',
  time: 'time',
  host: 'text',
  program: 'text',
  pid: 'number',
  event: 'text',
  outcome: 'text',
  attempt: 'text',
  user: 'text',
  user_valid: 'boolean',
  address: 'text',
  address_raw: 'text',
  rhost: 'text',
  method: 'text',
  fingerprint: 'text',
  reason: 'text',
  repeat: 'number',
} as const

export type EventColumn = keyof typeof EVENT_COLUMNS
export type TextColumn = { [Name in EventColumn]: (typeof EVENT_COLUMNS)[Name] extends 'text' ? Name : never }[EventColumn]

/** Rows of events in line order, column by column; the arrays may be longer than `count`, and who is given them may use their memory. */
export interface EventRows {
  readonly count: number
  readonly values: Readonly<Record<EventColumn, Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>>
  readonly words: Readonly<Record<TextColumn, Words>>
}

const newValues = (rows: number): EventRows['values'] =>
  Object.fromEntries(
    Object.entries(EVENT_COLUMNS).map(([name, kind]) => [name, kind === 'number' || kind === 'time' ? new Float64Array(rows) : new Int32Array(rows)]),
  ) as EventRows['values']

/** One dictionary a column, but for the three that say the same addresses. */
function newWords(): EventRows['words'] {
  const address = new Words()
  return {
    host: new Words(),
    program: new Words(),
    event: new Words(),
    outcome: new Words(),
    attempt: new Words(),
    user: new Words(),
    address,
    address_raw: address,
    rhost: address,
    method: new Words(),
    fingerprint: new Words(),
    reason: new Words(),
  }
}

/** Gathers the rows of one group after the other. */
export class EventColumns {
  readonly #addresses: SaidCache
  readonly #handOn: (rows: EventRows) => void
  #values = newValues(FIRST_ROWS)
  #rows = FIRST_ROWS
  readonly #words = newWords()
  readonly #methods = new SaidCache()
  readonly #fingerprints = new SaidCache()
  readonly #reasons = new SaidCache()
  #count = 0

  /**
   * @param addresses Those that events have.
   * @param handOn Is given each full group and the last one; the arrays are written over once it returns.
   */
  constructor(addresses: SaidCache, handOn: (rows: EventRows) => void) {
    this.#addresses = addresses
    this.#handOn = handOn
  }

  add(event: PendingEvent): void {
    const { plan, origin } = event
    if (this.#count === this.#rows) this.#grow()
    const values = this.#values
    const words = this.#words
    const row = this.#count++
    values.line_no[row] = event.lineNo
    values.time[row] = event.timeUs
    values.host[row] = words.host.of(origin.host)
    values.program[row] = words.program.of(origin.program)
    values.pid[row] = event.pid
    values.event[row] = words.event.of(plan.event)
    values.outcome[row] = words.outcome.of(plan.outcome)
    values.attempt[row] = words.attempt.of(plan.attempt)
    values.user[row] = words.user.of(event.user)
    values.user_valid[row] = event.userValid === null ? -1 : event.userValid ? 1 : 0
    values.address[row] = words.address.of(event.address)
    values.address_raw[row] = words.address_raw.of(event.addressRaw)
    values.rhost[row] = words.rhost.of(rhostOf(event, this.#addresses))
    values.method[row] = words.method.of(textOf(event, plan.method, this.#methods))
    values.fingerprint[row] = words.fingerprint.of(textOf(event, plan.fingerprint, this.#fingerprints))
    values.reason[row] = words.reason.of(textOf(event, plan.reason, this.#reasons))
    values.repeat[row] = event.repeat
    if (row === MAX_ROWS - 1 || words.user.size + words.address.size + words.reason.size > MAX_WORD_BYTES) this.flush()
  }

  #grow(): void {
    this.#rows = Math.min(4 * this.#rows, MAX_ROWS)
    const values = newValues(this.#rows)
    for (const name of Object.keys(EVENT_COLUMNS) as EventColumn[]) values[name].set(this.#values[name])
    this.#values = values
  }

  /** Hands on what is there. */
  flush(): void {
    if (this.#count === 0) return
    this.#handOn({ count: this.#count, values: this.#values, words: this.#words })
    for (const words of Object.values(this.#words)) words.clear()
    this.#count = 0
  }
}

/** Where a line has no other address, its rhost is the address it says. */
const rhostOf = (event: PendingEvent, addresses: SaidCache): Said | null => {
  const { holes, plan } = event
  const { hole } = plan.rhost
  if (hole < 0 || hole !== plan.addressHole) return textOf(event, plan.rhost, addresses)
  return holes[2 * hole] === holes[2 * hole + 1] ? null : event.addressRaw
}

/** An empty text is none. */
function textOf({ bytes, holes }: PendingEvent, { hole, constant }: PlanText, cache: SaidCache): Said | null {
  if (hole < 0) return constant
  const start = holes[2 * hole] as number
  const end = holes[2 * hole + 1] as number
  return start === end ? null : cache.get(bytes, start, end)
}
