import type { Moment } from './moment.ts'
import type { EventPlan } from './plan.ts'
import type { Said } from './said.ts'
import { type EventOrigin, NO_ORIGIN } from './origin.ts'

/** An event between its parse and its output: it may wait for what a later line of its session says. Used again and again. */
export class PendingEvent {
  lineNo = 0
  /** The line: what positions count in. */
  bytes: Uint8Array = NONE
  messageStart = 0
  end = 0
  lineLength = 0
  moment: Moment | null = null
  second = 0
  fractionStart = 0
  fractionEnd = 0
  origin: EventOrigin = NO_ORIGIN
  /** -1: none. */
  pid = -1
  plan: EventPlan = NO_PLAN
  repeat = 1
  /** Start and end of hole i at 2 i and 2 i + 1. */
  readonly holes: Int32Array
  /** Whether it takes an address or a user from its neighbours. */
  linked = false
  /** The canonical text. */
  address: Said | null = null
  addressRaw: Said | null = null
  addressLinked = false
  user: Said | null = null
  userValid: boolean | null = null
  userLinked = false

  constructor(holes: number) {
    this.holes = new Int32Array(2 * holes)
  }

  /** Microseconds since the epoch; digits past them are cut off. */
  get timeUs(): number {
    let micros = 0
    for (let i = 0; i < MICRO_DIGITS; i++) {
      const at = this.fractionStart + i
      micros = micros * 10 + (at < this.fractionEnd ? (this.bytes[at] as number) - ZERO : 0)
    }
    return ((this.moment?.epochMinute ?? 0) * 60 + this.second) * 1_000_000 + micros
  }

  /** Whether a later line could add to it. */
  get open(): boolean {
    return this.linked && (this.address === null || this.user === null)
  }
}

const ZERO = 0x30
const MICRO_DIGITS = 6
const NONE = new Uint8Array(0)
const NO_PLAN = {} as EventPlan

/** The events that are not put out yet, by a number that counts all of them in line order. */
export class PendingEvents {
  /** Number of the first one that is here, and of the next that will come. */
  first = 0
  next = 0
  readonly #holes: number
  #ring: PendingEvent[] = []

  constructor(holes: number) {
    this.#holes = holes
  }

  at(number: number): PendingEvent {
    return this.#ring[number & (this.#ring.length - 1)] as PendingEvent
  }

  /** The place of the next event; what is in it is of an earlier one. */
  add(): PendingEvent {
    if (this.next - this.first === this.#ring.length) this.#grow()
    return this.at(this.next++)
  }

  #grow(): void {
    const before = this.#ring
    const ring = Array.from({ length: Math.max(1024, before.length * 2) }, (_, i) => before[i] ?? new PendingEvent(this.#holes))
    // Doubled, so that each number keeps its slot or moves to the new half.
    for (let number = this.first; number < this.next; number++) {
      const [from, to] = [number & (before.length - 1), number & (ring.length - 1)]
      if (from !== to) [ring[from], ring[to]] = [ring[to] as PendingEvent, ring[from] as PendingEvent]
    }
    this.#ring = ring
  }
}
