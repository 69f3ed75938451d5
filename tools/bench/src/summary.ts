import type { Measurement } from './measurement.ts'
import type { Pair } from './pairs.ts'
import type { Spread } from './statistics.ts'
import { ratioOfPairs, spread } from './statistics.ts'

/** Limit and layers for one quantity, and how many times the limit the layers take. */
export interface Compared {
  readonly limit: Spread
  readonly layers: Spread
  readonly times: Spread
}

/** All pairs of one size with one thread count. Times in ms, memory in bytes. */
export interface Case {
  readonly lines: number
  readonly bytes: number
  readonly threads: number
  readonly pairs: number
  readonly cpuMs: Compared
  readonly wallMs: Compared
  readonly peakRssBytes: Compared
  /** The layers one by one, in the order in which they run. */
  readonly split: readonly { readonly name: string; readonly cpuMs: Spread; readonly wallMs: Spread }[]
}

export function summarize(file: { lines: number; bytes: number }, threads: number, pairs: readonly Pair[]): Case {
  const compare = (pick: (measured: Measurement) => number): Compared => ({
    limit: spread(pairs.map(({ limit }) => pick(limit))),
    layers: spread(pairs.map(({ layers }) => pick(layers))),
    times: ratioOfPairs(pairs.map(({ limit, layers }) => [pick(limit), pick(layers)])),
  })
  const names = pairs[0]?.layers.phases.map(({ name }) => name) ?? []
  const split = names.map((name, index) => ({
    name,
    cpuMs: spread(pairs.map(({ layers }) => layers.phases[index]!.cpuMs)),
    wallMs: spread(pairs.map(({ layers }) => layers.phases[index]!.wallMs)),
  }))
  return {
    ...file,
    threads,
    pairs: pairs.length,
    cpuMs: compare(({ cpuMs }) => cpuMs),
    wallMs: compare(({ wallMs }) => wallMs),
    peakRssBytes: compare(({ peakRssBytes }) => peakRssBytes),
    split,
  }
}

/** The layers' CPU for one line, and how it stands to that of the base: the smallest size of a million lines or more, else the smallest. */
export interface PerLine {
  readonly lines: number
  readonly threads: number
  readonly cpuMicros: number
  readonly toBase: number
}

/** Fixed costs (starting DuckDB) weigh on a small log, so sizes below a million say little about growth. */
export function perLine(cases: readonly Case[]): PerLine[] {
  const cost = ({ cpuMs, lines }: Case) => (cpuMs.layers.median * 1000) / lines
  return cases.map((one) => {
    const sameThreads = cases.filter(({ threads }) => threads === one.threads).toSorted((a, b) => a.lines - b.lines)
    const base = sameThreads.find(({ lines }) => lines >= 1_000_000) ?? sameThreads[0] ?? one
    return { lines: one.lines, threads: one.threads, cpuMicros: cost(one), toBase: cost(one) / cost(base) }
  })
}
