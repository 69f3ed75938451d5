import type { Sink } from './actor.ts'
import { Actor } from './actor.ts'
import { Random } from './random.ts'
import type { Scenario } from './scenarios/scenario.ts'
import type { Source, Timeline } from './timeline.ts'
import { TruthTally } from './truth.ts'
import type { World } from './world.ts'

interface Setting {
  readonly seed: number
  readonly startMs: number
  readonly spanMs: number
  readonly world: World
  readonly timeline: Timeline
  readonly sink: Sink
  readonly born: (actor: Actor) => void
}

/**
 * Lets the actors of one scenario appear, spread over the span by the lines they are expected to write: an actor that takes a tenth of
 * the scenario's budget takes a tenth of the time in which actors may begin. Only the next arrival is known, so memory stays bounded.
 */
export class Arrivals implements Source {
  readonly #scenario: Scenario
  readonly #setting: Setting
  readonly #budget: number
  readonly #firstMs: number
  readonly #beginMs: number
  #limit: number
  #planned = 0
  #count = 0

  constructor(scenario: Scenario, budget: number, setting: Setting) {
    this.#scenario = scenario
    this.#setting = setting
    this.#budget = budget
    this.#limit = budget
    this.#beginMs = Math.max(0, setting.spanMs - scenario.longestLife(setting.spanMs))
    // Else every kind would begin on the log's first second.
    this.#firstMs = setting.startMs + Math.round(new Random(setting.seed, scenario.kind).between(0, 0.02 * this.#beginMs))
  }

  /** Time of the first arrival. */
  get begins(): number {
    return this.#timeOf(0)
  }

  /** Goes on after the budget was too small for the log to fill. Returns the next arrival, not before `now`. */
  extend(lines: number, now: number): number {
    this.#limit = this.#planned + Math.max(1, lines)
    return Math.max(now, this.#timeOf(this.#planned))
  }

  step(now: number): number | null {
    const { seed, world, timeline, sink, spanMs, born } = this.#setting
    const { kind, label } = this.#scenario
    const random = new Random(seed, kind, this.#count++)
    const { host, expectedLines, sessions } = this.#scenario.plan({ world, random, at: now, spanMs, budget: this.#budget })
    const actor = new Actor(sessions, new TruthTally(kind, label, host.name), timeline, sink)
    if (actor.begins !== null) {
      timeline.push(actor.begins, actor)
      born(actor)
    }
    this.#planned += expectedLines
    if (this.#planned >= this.#limit) return null
    return Math.max(now, this.#timeOf(this.#planned))
  }

  #timeOf(planned: number): number {
    return this.#firstMs + Math.round((planned / this.#budget) * this.#beginMs)
  }
}
