import type { SilverEvent } from '@logpipe/core/silver'
import type { Model, ValueRow } from './document.ts'
import { type AddressFeatures, featuresOf } from './features.ts'
import { thresholdOf } from './threshold.ts'

/** What one feature adds to a score: `tail` is the share of addresses with a value at least this one. */
export interface Contribution {
  readonly feature: string
  readonly value: number
  readonly tail: number
  /** -ln(tail), in nats. */
  readonly points: number
}

export interface Scored {
  readonly host: string
  readonly address: string
  /** Nats. */
  readonly score: number
  /** Above the threshold of model and batch together; the detections may flag what this does not. */
  readonly flagged: boolean
  readonly contributions: readonly Contribution[]
}

/** A value cut to three significant digits, as layers/feature_values.sql does: by its text, which is exact. */
export function cutValue(value: number): number {
  const micros = String(Math.round(value * 1e6))
  return Number(micros.slice(0, 3).padEnd(micros.length, '0')) / 1e6
}

/** Number of rows' entities at or above each value: ascending values, and the sums from each on. */
class Tail {
  readonly #values: number[] = []
  readonly #from: number[] = []
  readonly total: number

  constructor(rows: readonly ValueRow[]) {
    let total = 0
    for (const { value, entities } of rows.toSorted((a, b) => b.value - a.value)) {
      total += entities
      this.#values.push(value)
      this.#from.push(total)
    }
    this.total = total
  }

  atLeast(value: number): number {
    let low = 0
    let high = this.#values.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#values[middle] ?? 0) >= value) low = middle + 1
      else high = middle
    }
    return this.#from[low - 1] ?? 0
  }
}

/** Scores addresses against a model, made ready once. */
export class Scorer {
  readonly #model: Model
  readonly #tails: ReadonlyMap<string, Tail>

  constructor(model: Model) {
    this.#model = model
    this.#tails = new Map(model.head.features.map((feature) => [feature, new Tail(model.values.filter((row) => row.feature === feature))]))
  }

  /**
   * Scores of a batch, one address or many, as a run of the same lines on this model gives them: the batch counts as part of what is known, so the
   * rarest value of all still has a share. Order as given.
   */
  score(batch: readonly AddressFeatures[]): Scored[] {
    const cuts = new Map(this.#model.head.features.map((feature) => [feature, batch.map(({ values }) => cutValue(values[feature] ?? 0))]))
    const own = new Map([...cuts].map(([feature, values]) => [feature, new Tail(values.map((value) => ({ feature, value, entities: 1 })))]))
    const scored = batch.map(({ host, address, values }, i) => {
      const contributions = this.#model.head.features.map((feature): Contribution => {
        const cut = cuts.get(feature)?.[i] ?? 0
        const [known, here] = [this.#tails.get(feature), own.get(feature)]
        const tail = ((known?.atLeast(cut) ?? 0) + (here?.atLeast(cut) ?? 0)) / ((known?.total ?? 0) + batch.length)
        return { feature, value: values[feature] ?? 0, tail, points: tail === 1 ? 0 : -Math.log(tail) }
      })
      return { host, address, score: contributions.reduce((sum, { points }) => sum + points, 0), contributions }
    })
    const scores = scored.map(({ score }) => ({ feature: 'score', value: cutValue(score), entities: 1 }))
    const { value: threshold } = thresholdOf([...this.#model.values, ...scores], this.#model.head.threshold)
    return scored.map((one) => ({ ...one, flagged: threshold !== null && one.score > threshold }))
  }

  /** The addresses that some parsed lines name, scored by these lines alone. */
  scoreEvents(events: readonly SilverEvent[]): Scored[] {
    return this.score(featuresOf(events))
  }
}
