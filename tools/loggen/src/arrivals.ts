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
  readonly historyMs: number
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

  /** Whether actors that begin where the budgets are spent still end within the span, or soon after it. */
  get brief(): boolean {
    const { spanMs } = this.#setting
    return this.#scenario.longestLife(spanMs) <= 0.5 * spanMs
  }

  /** Goes on after the budget was too small for the log to fill. Returns the next arrival, not before `now`. */
  extend(lines: number, now: number): number {
    this.#limit = this.#planned + Math.max(1, lines)
    return Math.max(now, this.#timeOf(this.#planned))
  }

  step(now: number): number | null {
    const { seed, world, timeline, sink, startMs, spanMs, historyMs, born } = this.#setting
    const { kind, attack, roles } = this.#scenario
    const random = new Random(seed, kind, this.#count++)
    const incident = `${kind}/${this.#count}`
    const scene = { world, random, at: now, spanMs, endMs: startMs + spanMs, historyEndMs: startMs + historyMs, budget: this.#budget }
    const { expectedLines, sessions } = this.#scenario.plan(scene)
    const actor = new Actor(sessions, new TruthTally(incident, { class: kind, attack, roles }), timeline, sink)
    if (actor.begins !== null) {
      timeline.push(actor.begins, actor)
      born(actor)
    }
    this.#planned += expectedLines
    // To the nearest whole actor, so that kinds with big ones do not outgrow their share.
    if (this.#planned + (0.5 * this.#planned) / this.#count >= this.#limit) return null
    return Math.max(now, this.#timeOf(this.#planned))
  }

  #timeOf(planned: number): number {
    return this.#firstMs + Math.round((planned / this.#budget) * this.#beginMs)
  }
}
