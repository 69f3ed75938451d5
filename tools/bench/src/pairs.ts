import type { Measurement } from './measurement.ts'
import type { Work } from './measure.ts'

/** The limit and the layers, measured one after the other. */
export interface Pair {
  readonly limit: Measurement
  readonly layers: Measurement
}

/** Measures A B A B …, never A A B B: what changes on the machine meanwhile meets both alike. */
export async function measurePairs(count: number, measure: (work: Work) => Promise<Measurement>): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let n = 0; n < count; n++) pairs.push({ limit: await measure('limit'), layers: await measure('layers') })
  return pairs
}
