import type { FormatName } from './formats/index.ts'
import { formats } from './formats/index.ts'
import type { HostSpec } from './hosts.ts'
import { defaultHosts } from './hosts.ts'
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
  /** Span that the lines are spread over, about. Default: lines / 12000 (a lively server), within 0.25 to 60. */
  readonly days?: number
  /** Default three: OpenSSH 6.6, 9.2 and 9.8. */
  readonly hosts?: readonly HostSpec[]
  /** Weights by scenario kind, as shares of lines; kinds not named get 0. Default: each scenario's own. */
  readonly mix?: Readonly<Record<string, number>>
  /** Default `\n`. */
  readonly newline?: '\n' | '\r\n'
  /** Header form. Default rfc3164. */
  readonly format?: FormatName
  /** Called once for each actor that wrote a line: as they end, and at the end of the log for those still alive. */
  readonly onTruth?: (truth: Truth) => void
}

export type SettledOptions = Required<Omit<LogOptions, 'start' | 'days'>> & { readonly startMs: number; readonly spanMs: number }

/** Fills in the defaults. Throws one RangeError that names every fault. */
export function settle(options: LogOptions): SettledOptions {
  const mix = options.mix ?? Object.fromEntries(scenarios.map(({ kind, weight }) => [kind, weight]))
  const settled = {
    seed: options.seed,
    lines: options.lines,
    startMs: Date.parse(options.start ?? '2025-03-03T00:00:00Z'),
    spanMs: Math.round((options.days ?? Math.min(60, Math.max(0.25, options.lines / 12_000))) * DAY),
    hosts: options.hosts ?? defaultHosts,
    mix,
    newline: options.newline ?? '\n',
    format: options.format ?? 'rfc3164',
    onTruth: options.onTruth ?? (() => undefined),
  }
  const found = faults(settled)
  if (found.length > 0) throw new RangeError(found.join('; '))
  return settled
}

function faults(options: SettledOptions): string[] {
  const known = scenarios.map(({ kind }) => kind)
  const weights = Object.entries(options.mix)
  const checks: [boolean, string][] = [
    [Number.isSafeInteger(options.seed), `seed: expected a whole number, got ${options.seed}`],
    [Number.isSafeInteger(options.lines) && options.lines >= 0, `lines: expected a whole number, 0 or more, got ${options.lines}`],
    [Number.isFinite(options.startMs), 'start: expected an ISO time'],
    [options.spanMs > 0, 'days: expected more than 0'],
    [options.hosts.length > 0, 'hosts: expected at least one'],
    [options.format in formats, `format: expected one of ${Object.keys(formats).join(', ')}, got ${options.format}`],
    [weights.every(([, weight]) => weight >= 0) && weights.some(([, weight]) => weight > 0), 'mix: expected weights of 0 or more, one above 0'],
    ...weights.map(([kind]): [boolean, string] => [known.includes(kind), `mix: expected kinds out of ${known.join(', ')}, got ${kind}`]),
  ]
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault)
}
