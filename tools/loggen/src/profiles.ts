import type { HostSpec } from './hosts.ts'
import { defaultHosts, variedHosts } from './hosts.ts'
import { scenarios } from './scenarios/index.ts'

/** What a log holds when the caller names no more than a profile. */
export interface Profile {
  readonly hosts: readonly HostSpec[]
  /** By scenario kind, as shares of lines. */
  readonly weights: Readonly<Record<string, number>>
  /** The span is at least so long. */
  readonly leastDays: number
  /** Share of IPv4 addresses from the three documentation networks. */
  readonly documentationShare: number
}

export const profiles = {
  /** Loud and simple: what the benchmark measures, and a log to play with. Its mix stays as it is, so that figures can be compared. */
  basic: {
    hosts: defaultHosts,
    weights: { background: 2, legitimate: 2, fast_brute_force: 5, account_taken: 1 },
    leastDays: 0.25,
    documentationShare: 0.5,
  },
  /** Every kind, over two weeks, so that people have habits before somebody breaks with them. */
  full: {
    hosts: variedHosts,
    weights: Object.fromEntries(scenarios.map(({ kind, weight }) => [kind, weight])),
    leastDays: 14,
    documentationShare: 0.02,
  },
} satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
