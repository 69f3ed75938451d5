import { csvRows, jsonRows, LogpipeError, type Manifest, type ObjectStore, type Part } from '@logpipe/core'
import type { SilverEvent } from '@logpipe/core/silver'
import { type Finding, look } from './finding.ts'

/** The features of the addresses that some events name; libs/ml has them without SQL. */
export type FeaturesOf = (events: readonly SilverEvent[]) => readonly { readonly host: string; readonly address: string; readonly values: Readonly<Record<string, number>> }[]

interface Anomaly {
  readonly host: string
  readonly entity: string
  readonly score: number | null
  readonly contributions: readonly { readonly feature: string; readonly value: number; readonly tail_probability: number }[]
}

interface Activity {
  readonly failures: number
  readonly successes: number
  readonly lines: number
}

/** So many addresses, those ranked first, each with no more lines than are kept in memory. */
const SAMPLE = 50
const MOST_LINES = 5000
/** Half of the last digit that a tail probability is written with. */
const ROUNDING = 5e-7

const keyOf = (host: string | null, address: string | null): string => JSON.stringify([host ?? '', address ?? ''])
const sourceOf = ({ host, address, address_raw, attempt }: SilverEvent): string => keyOf(host, address ?? (attempt === null ? null : address_raw))

/** gold writes a quote before what a spreadsheet would run as a formula. */
const plain = (cell: string | null | undefined): string => (cell ?? '').replace(/^'(?=[=+\-@\t\n\r＝＋－＠])/, '')

/**
 * Gold and ML again from silver's events, by code that shares nothing with the SQL: the failures and successes of every address; of the addresses
 * ranked first each feature, and the score as their sum. Memory is that of the addresses, not of the lines.
 */
export async function* recount(store: ObjectStore, manifests: readonly Manifest[], featuresOf: FeaturesOf): AsyncGenerator<Finding> {
  const parts = manifests.flatMap((manifest) => manifest.parts)
  const of = (output: string): Part[] => parts.filter((part) => part.output === output)
  const differ = (detail: string): LogpipeError => new LogpipeError('COUNTS_DIFFER', { detail, runId: manifests[0]?.runId })

  const gold = await activities(store, of('activity_by_address'))
  const sample = await sampled(store, of('anomalies'), gold)
  const { tries, events } = await eventsOf(store, of('events'), sample)
  yield look('recount:activity_by_address', () => {
    for (const key of new Set([...gold.keys(), ...tries.keys()])) {
      const [table, silver] = [gold.get(key), tries.get(key)]
      const [left, right] = [table, silver].map((one) => `${one?.failures ?? 0} failures and ${one?.successes ?? 0} successes`)
      if (left !== right) throw differ(`${key}: activity_by_address has ${left}, silver ${right}`)
    }
    return `${gold.size} addresses: failures and successes as in silver`
  })
  yield look('recount:scores', () => {
    const features = new Map(featuresOf(events).map(({ host, address, values }) => [keyOf(host, address), values]))
    for (const [key, { entity, score, contributions }] of sample) {
      for (const { feature, value } of contributions)
        if (features.get(key)?.[feature] !== value) throw differ(`${feature} of ${entity} is ${value}, by silver ${features.get(key)?.[feature]}`)
      const sum = contributions.reduce((total, { tail_probability: p }) => total - Math.log(p), 0)
      const slack = contributions.reduce((total, { tail_probability: p }) => total + ROUNDING / (p - ROUNDING), 1e-6)
      if (!(Math.abs(sum - (score ?? Number.NaN)) <= slack)) throw differ(`the score of ${entity} is ${score}, its features add up to ${sum.toFixed(6)}`)
    }
    return `${sample.size} addresses: features as in silver, scores their sums`
  })
}

async function activities(store: ObjectStore, parts: readonly Part[]): Promise<Map<string, Activity>> {
  const found = new Map<string, Activity>()
  for (const part of parts)
    for await (const row of csvRows(store, part))
      found.set(keyOf(plain(row['host']), plain(row['address'])), { failures: Number(row['failures']), successes: Number(row['successes']), lines: Number(row['lines']) })
  return found
}

async function sampled(store: ObjectStore, parts: readonly Part[], gold: ReadonlyMap<string, Activity>): Promise<Map<string, Anomaly>> {
  const found = new Map<string, Anomaly>()
  for (const part of parts)
    for await (const anomaly of jsonRows<Anomaly>(store, part)) {
      const key = keyOf(anomaly.host, anomaly.entity)
      if (found.size < SAMPLE && anomaly.score !== null && (gold.get(key)?.lines ?? 0) <= MOST_LINES) found.set(key, anomaly)
    }
  return found
}

async function eventsOf(store: ObjectStore, parts: readonly Part[], sample: ReadonlyMap<string, unknown>) {
  const tries = new Map<string, { failures: number; successes: number }>()
  const events: SilverEvent[] = []
  for (const part of parts)
    for await (const event of jsonRows<SilverEvent>(store, part)) {
      const key = sourceOf(event)
      if (sample.has(key)) events.push(event)
      if (event.attempt === null) continue
      let one = tries.get(key)
      if (one === undefined) tries.set(key, (one = { failures: 0, successes: 0 }))
      one[event.attempt === 'auth_failed' ? 'failures' : 'successes'] += event.repeat
    }
  return { tries, events }
}
