import type { HostSpec, LogOptions } from '@logpipe/loggen'

/** Seeds to develop by, and those that the figures are taken from: nobody tunes anything by the latter. */
export const SEEDS = {
  dev: [101, 102, 103, 104, 105],
  test: [9001, 9002, 9003, 9004, 9005],
} as const satisfies Record<string, readonly number[]>

export type SeedList = keyof typeof SEEDS

/** Every version that logs as `sshd`: peers of 2022 do not read `sshd-session`, which came with 9.8. */
const hosts: readonly HostSpec[] = [
  { name: 'old-1.example.org', sshd: '7.4' },
  { name: 'web-1.example.org', sshd: '6.6' },
  { name: 'ci-1.example.org', sshd: '8.9' },
  { name: 'web-2.example.org', sshd: '9.2' },
  { name: 'edge-1.example.org', sshd: '9.2', pam: false },
]

interface Mix {
  /** Shares of lines. */
  readonly attack: number
  readonly benign: number
  readonly days: number
  /** Days at the start that logpipe learns from and nobody is judged by; without, it knows nothing but the log itself. */
  readonly historyDays: number
}

/** How attack and ordinary life are mixed, and what is known before. */
export const MIXES = {
  first: { attack: 0.4, benign: 0.6, days: 14, historyDays: 0 },
  usual: { attack: 0.6, benign: 0.4, days: 21, historyDays: 10 },
  quiet: { attack: 0.15, benign: 0.85, days: 21, historyDays: 10 },
  siege: { attack: 0.9, benign: 0.1, days: 21, historyDays: 10 },
} as const satisfies Record<string, Mix>

export type MixName = keyof typeof MIXES

/** Of each log, history included. */
export const DEFAULT_LINES = 30_000

/** What loggen is asked for. */
export function logOptions(mix: MixName, seed: number, lines: number): LogOptions {
  const { attack, benign, ...time } = MIXES[mix]
  return { profile: 'full', mix: { attack, benign }, seed, lines, hosts, ...time }
}
