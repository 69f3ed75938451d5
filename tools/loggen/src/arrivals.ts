import type { Sink } from './actor.ts'
import { Actor } from './actor.ts'
import { Random } from './random.ts'
import type { Scenario, Scene } from './scenarios/scenario.ts'
import type { Source, Timeline } from './timeline.ts'
import { TruthTally } from './truth.ts'
import type { World } from './world.ts'

interface Setting {
  readonly seed: number
  readonly startMs: number
  readonly spanMs: number
  readonly historyMs: number
  readonly world: World
  /** A world for plans that nobody carries out. */
  readonly rehearsal: World
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
  readonly #beginMs: number
  #firstMs: number
  #limit: number
  #planned = 0
  #count = 0

  constructor(scenario: Scenario, budget: number, setting: Setting) {
    this.#scenario = scenario
    this.#setting = setting
    this.#budget = budget
    this.#limit = budget
    this.#beginMs = Math.max(0, setting.spanMs - scenario.longestLife(setting.spanMs))
    // Anywhere within the time that one actor takes: else every kind would begin on the log's first second.
    const random = new Random(setting.seed, scenario.kind)
    const { expectedLines } = scenario.plan(this.#scene(setting.rehearsal, random, setting.startMs))
    this.#firstMs = setting.startMs + Math.round(random.between(0, Math.min(1, expectedLines / budget) * this.#beginMs))
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

  /** Goes on after the budget was too small for the log to fill; the next arrival is within `lengthMs` from now. Returns its time. */
  extend(lines: number, now: number, lengthMs: number): number {
    this.#limit = this.#planned + Math.max(1, lines)
    const next = now + Math.round(new Random(this.#setting.seed, this.#scenario.kind, 'extended', this.#count).between(0, lengthMs))
    this.#firstMs += next - this.#timeOf(this.#planned)
    return next
  }

  step(now: number): number | null {
    const { seed, world, timeline, sink, born } = this.#setting
    const { kind, attack, roles } = this.#scenario
    const random = new Random(seed, kind, this.#count++)
    const incident = `${kind}/${this.#count}`
    const { expectedLines, sessions } = this.#scenario.plan(this.#scene(world, random, now))
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

  #scene(world: World, random: Random, at: number): Scene {
    const { startMs, spanMs, historyMs } = this.#setting
    return { world, random, at, spanMs, endMs: startMs + spanMs, historyEndMs: startMs + historyMs, budget: this.#budget }
  }

  #timeOf(planned: number): number {
    return this.#firstMs + Math.round((planned / this.#budget) * this.#beginMs)
  }
}
