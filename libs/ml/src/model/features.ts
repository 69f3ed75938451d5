import type { SilverEvent } from '@logpipe/core/silver'

/** The features of one address on one host; names and meaning as in pipelines/openssh/layers/feature_values.sql. */
export interface AddressFeatures {
  readonly host: string
  readonly address: string
  /** Feature → value with six digits after the point. */
  readonly values: Readonly<Record<string, number>>
}

interface Try {
  readonly atUs: number
  readonly failed: number
  readonly accepted: number
  readonly tries: number
  readonly user: string | null
  readonly invalid: boolean
  /** By a key of a user who exists: an agent offers one after the other. */
  readonly byKey: boolean
}

const HOUR_US = 3_600_000_000
const KEY_METHODS: ReadonlySet<string> = new Set(['publickey', 'hostbased', 'gssapi-with-mic'])
const WINDOW_US = 600_000_000
const micro = (value: number): number => Math.round(value * 1e6) / 1e6

/** As Spark's and DuckDB's percentile_cont. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? 0
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? 0) - low)
}

const sum = (tries: readonly Try[], of: (one: Try) => number): number => tries.reduce((total, one) => total + of(one), 0)

/** Most failures in any 600 s that end with a try; tries of the same microsecond count together. */
function failuresInWindow(tries: readonly Try[]): number {
  let most = 0
  let from = 0
  let failures = 0
  let next = 0
  for (const { atUs } of tries) {
    for (; next < tries.length && (tries[next]?.atUs ?? 0) <= atUs; next += 1) failures += tries[next]?.failed ?? 0
    for (; (tries[from]?.atUs ?? 0) < atUs - WINDOW_US; from += 1) failures -= tries[from]?.failed ?? 0
    most = Math.max(most, failures)
  }
  return most
}

function failingHours(tries: readonly Try[]): number {
  const hours = Map.groupBy(tries, ({ atUs }) => Math.floor(atUs / HOUR_US))
  return [...hours.values()].filter((hour) => sum(hour, (one) => one.failed) > 0 && sum(hour, (one) => one.accepted) === 0).length
}

/** 1: all gaps alike; 0: not, or fewer than three long gaps, or a login was accepted. */
function regularity(tries: readonly Try[]): number {
  const gaps = tries.slice(1).map(({ atUs }, i) => atUs - (tries[i]?.atUs ?? 0)).sort((a, b) => a - b)
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => percentile(gaps, share)) as [number, number, number]
  if (gaps.length < 3 || sum(tries, (one) => one.accepted) > 0 || median < 60_000_000 || upper - lower >= median) return 0
  return 1 - (upper - lower) / median
}

/** Four failures are free, and three more with each login that was accepted: so much the internet does all day. */
function valuesOf(tries: readonly Try[], badSessions: number): AddressFeatures['values'] {
  const attempts = sum(tries, (one) => one.tries)
  const failures = sum(tries, (one) => one.failed)
  const free = 4 + 3 * sum(tries, (one) => one.accepted)
  const hours = failingHours(tries)
  const beyond = (value: number): number => (failures - sum(tries, (one) => (one.byKey ? one.failed : 0)) > free ? value : 0)
  return {
    failures: beyond(failures),
    failure_share: beyond(micro(failures / (attempts + 2))),
    failed_users: beyond(new Set(tries.filter((one) => one.failed > 0 && one.user !== null).map((one) => one.user)).size),
    invalid_user_share: beyond(micro(sum(tries, (one) => (one.invalid ? one.tries : 0)) / (attempts + 2))),
    failures_10min_max: beyond(failuresInWindow(tries)),
    failing_hours: hours > free ? beyond(hours) : 0,
    regularity: micro(regularity(tries)),
    bad_sessions: badSessions > free ? badSessions : 0,
  }
}

/** µs since the epoch; an event's time may have more digits than a Date keeps. */
function microsOf(time: string): number {
  const fraction = /\.(\d+)Z$/.exec(time)?.[1] ?? ''
  return Date.parse(time.replace(/\.\d+Z$/, 'Z')) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** The features of all addresses that some events name, in no particular order: what layers/feature_values.sql gives for the same events. */
export function featuresOf(events: readonly SilverEvent[]): AddressFeatures[] {
  const named = events.filter((event) => event.time !== null && (event.address !== null || event.attempt !== null))
  const sources = Map.groupBy(named, (event) => JSON.stringify([event.host ?? '', event.address ?? (event.attempt === null ? '' : event.address_raw) ?? '']))
  return [...sources].map(([key, own]) => {
    const [host, address] = JSON.parse(key) as [string, string]
    const tries = own
      .filter((event) => event.attempt !== null)
      .map((event): Try => ({
        atUs: microsOf(event.time),
        failed: event.attempt === 'auth_failed' ? event.repeat : 0,
        accepted: event.attempt === 'auth_accepted' ? event.repeat : 0,
        tries: event.repeat,
        user: event.user,
        invalid: event.user_valid === false,
        byKey: event.user_valid !== false && KEY_METHODS.has(event.method ?? ''),
      }))
      .sort((a, b) => a.atUs - b.atUs)
    const bad = new Set(own.filter(({ outcome, pid }) => outcome === 'failure' && pid !== null).map(({ pid }) => pid))
    return { host, address, values: valuesOf(tries, bad.size) }
  })
}
