import type { FormatName } from './formats/index.ts'
import { formats } from './formats/index.ts'
import type { HostSpec } from './hosts.ts'
import { groups, weigh } from './mix.ts'
import type { ProfileName } from './profiles.ts'
import { profiles } from './profiles.ts'
import { scenarios } from './scenarios/index.ts'
import { DAY } from './scenarios/scenario.ts'
import type { Truth } from './truth.ts'

export interface LogOptions {
  /** Any safe integer. The same options give the same bytes. */
  readonly seed: number
  /** Lines of the log, exactly; the last sessions are cut where the count is reached. */
  readonly lines: number
  /** ISO time of the earliest line. Default 2025-03-03T00:00:00Z. */
  readonly start?: string
  /** What the log holds where nothing else is said: `basic` (default), the benchmark's, or `full`, every kind. */
  readonly profile?: ProfileName
  /** Span that the lines are spread over, about. Default: lines / 12000 (a lively server), from the profile's least to 60. */
  readonly days?: number
  /** Days at the start that are history: truth begins after them, and `generate` gives them apart. Default 0. */
  readonly historyDays?: number
  /** Default: the profile's. */
  readonly hosts?: readonly HostSpec[]
  /** Kinds, or `attack` or `benign`; the others stay out. Default: all of the profile. */
  readonly only?: readonly string[]
  /** Weights as shares of lines, by kind or for all of `attack` or `benign`; what is not named gets 0. Default: the profile's. */
  readonly mix?: Readonly<Record<string, number>>
  /** Default `\n`. */
  readonly newline?: '\n' | '\r\n'
  /** Header form. Default rfc3164. */
  readonly format?: FormatName
  /** Called once for each row: as actors end, and at the end of the log for those still alive. */
  readonly onTruth?: (truth: Truth) => void
  /** Called for each line with the incident it belongs to, history included: its lines have numbers below 1. */
  readonly onLine?: (incident: string) => void
}

export interface SettledOptions extends Required<Pick<LogOptions, 'seed' | 'lines' | 'hosts' | 'mix' | 'newline' | 'format' | 'onTruth'>> {
  readonly startMs: number
  readonly spanMs: number
  readonly historyMs: number
  readonly documentationShare: number
  readonly onLine: ((incident: string) => void) | null
}

/** Fills in the defaults. Throws one RangeError that names every fault. */
export function settle(options: LogOptions): SettledOptions {
  const profile = profiles[options.profile ?? 'basic'] ?? profiles.basic
  const settled = {
    seed: options.seed,
    lines: options.lines,
    startMs: Date.parse(options.start ?? '2025-03-03T00:00:00Z'),
    spanMs: Math.round((options.days ?? Math.min(60, Math.max(profile.leastDays, options.lines / 12_000))) * DAY),
    historyMs: Math.round((options.historyDays ?? 0) * DAY),
    documentationShare: profile.documentationShare,
    hosts: options.hosts ?? profile.hosts,
    mix: weigh(profile.weights, options.only, options.mix),
    newline: options.newline ?? '\n',
    format: options.format ?? 'rfc3164',
    onTruth: options.onTruth ?? (() => undefined),
    onLine: options.onLine ?? null,
  }
  const found = faults(settled, options.profile)
  if (found.length > 0) throw new RangeError(found.join('; '))
  return settled
}

function faults(options: SettledOptions, profile: string | undefined): string[] {
  const known = scenarios.map(({ kind }) => kind)
  const weights = Object.entries(options.mix)
  const checks: [boolean, string][] = [
    [Number.isSafeInteger(options.seed), `seed: expected a whole number, got ${options.seed}`],
    [Number.isSafeInteger(options.lines) && options.lines >= 0, `lines: expected a whole number, 0 or more, got ${options.lines}`],
    [Number.isFinite(options.startMs), 'start: expected an ISO time'],
    [profile === undefined || profile in profiles, `profile: expected one of ${Object.keys(profiles).join(', ')}, got ${profile}`],
    [options.spanMs > 0, 'days: expected more than 0'],
    [options.historyMs === 0 || (options.historyMs > 0 && options.historyMs < options.spanMs), 'historyDays: expected 0 or more, less than days'],
    [options.hosts.length > 0, 'hosts: expected at least one'],
    [options.format in formats, `format: expected one of ${Object.keys(formats).join(', ')}, got ${options.format}`],
    [weights.every(([, weight]) => weight >= 0) && weights.some(([, weight]) => weight > 0), 'mix: expected weights of 0 or more, one above 0'],
    ...weights.map(([kind]): [boolean, string] => [
      known.includes(kind), `mix, only: expected ${groups.join(', ')} or kinds out of ${known.join(', ')}, got ${kind}`,
    ]),
    ...scenarios.filter(({ kind }) => (options.mix[kind] ?? 0) > 0).map(({ kind, needsDays = 0 }): [boolean, string] => [
      options.spanMs >= needsDays * DAY, `days: ${kind} needs ${needsDays} or more`,
    ]),
  ]
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault)
}
