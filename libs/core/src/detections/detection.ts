import { z } from 'zod'

/** What a filter may name: columns of the view `signals`, `user_valid`: `false` for a try with a name that the host does not know, and `stranger`: whether no login from the address was ever accepted, here or in the history. */
export const FIELDS = ['event', 'outcome', 'attempt', 'method', 'user_name', 'user_valid', 'stranger'] as const
export const ENTITIES = ['address', 'subnet', 'user', 'host'] as const
export type Entity = (typeof ENTITIES)[number]
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

const text = z.string().regex(/^[^\\\p{Cc}]+$/u, 'plain text without backslash or control characters')
const values = z.array(text).min(1)
const seconds = z.int().min(1).max(31 * 86_400)
const days = z.int().min(1).max(31)
const count = z.int().min(1)
const share = z.number().gt(0).max(1)

/** Field → the values it may have, or may not; all fields must fit. */
const Filter = z
  .partialRecord(z.enum(FIELDS), z.union([values, z.strictObject({ not: values })]))
  .refine((filter) => Object.keys(filter).length > 0, 'name at least one field')
export type Filter = z.infer<typeof Filter>

/** Rows of a sample: `times` events, `every_s` apart from `at_s` on, each on a connection of its own; `{n}` in a value is the number of the row, from 1. */
const SampleRows = z.strictObject({
  at_s: z.int().min(0).default(0),
  times: z.int().min(1).default(1),
  every_s: z.int().min(0).default(1),
  repeat: z.int().min(1).default(1),
  attempt: z.enum(['auth_failed', 'auth_accepted']).nullable().default('auth_failed'),
  event: text.default('login_failed'),
  method: text.default('password'),
  user: z.string().default('alice'),
  address: z.string().default('192.0.2.7'),
  host: z.string().default('web-1.example.org'),
})
export type SampleRows = z.infer<typeof SampleRows>

const common = {
  /** Permanent; the file's name. */
  id: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: text,
  /** MITRE ATT&CK technique. */
  technique: z.string().regex(/^T\d{4}(\.\d{3})?$/),
  severity: z.enum(SEVERITIES),
  /** What is counted and named: one window of its own for each (host, entity). */
  entity: z.enum(ENTITIES),
  /** For people: what it means and what to do. */
  text,
  /** What other tools do against the same, with their numbers. */
  answers: z.array(text).min(1).optional(),
  /** One step apart: `firing` gives one hit, `quiet` none. */
  samples: z.strictObject({ firing: z.array(SampleRows).min(1), quiet: z.array(SampleRows).min(1) }),
}

/** Which lines count, of those that name an address or are a try at a login. */
const where = Filter

/**
 * A window is quiet when the address had, in the hour up to its end (in the window, if that is longer), accepted logins for at least this
 * share of what was counted: an office whose people mistype is no attack. For addresses only.
 */
const quiet_share = share.optional()

/** At least `threshold` events (repeats count), or connections with such an event, within some `window_s` seconds. */
const Threshold = z.strictObject({
  ...common,
  where,
  kind: z.literal('threshold'),
  count: z.enum(['events', 'connections']).default('events'),
  parameters: z.strictObject({ threshold: count, window_s: seconds, quiet_share }),
})

/** At least `threshold` different values of `field` within some `window_s` seconds. Hosts are counted for the address wherever it is; it is named once, where most had been tried. */
const Distinct = z.strictObject({
  ...common,
  where,
  kind: z.literal('distinct'),
  parameters: z.strictObject({ field: z.enum(['user_name', 'address', 'host']), threshold: count, window_s: seconds, quiet_share }),
})

/** An event that fits `then`, with at least `threshold` events of `where` in the `window_s` seconds before it. */
const Sequence = z.strictObject({
  ...common,
  where,
  kind: z.literal('sequence'),
  then: Filter,
  parameters: z.strictObject({ threshold: count, window_s: seconds, quiet_share }),
})

/**
 * At least `threshold` events whose gaps are long and alike: median ≥ `min_interval_s`, and (third − first quartile) ÷ median ≤ `max_spread`.
 * An event that fits `unless` cancels it.
 */
const Regular = z.strictObject({
  ...common,
  where,
  kind: z.literal('regular'),
  unless: Filter.optional(),
  parameters: z.strictObject({ threshold: z.int().min(3), min_interval_s: seconds, max_spread: z.number().min(0).max(1) }),
})

/**
 * A login from a network that its user never came from, in this file or in the history, after at least `threshold` logins over at least
 * `min_days` days, which came from so few networks that one more is news: at most `max_share` as many as logins.
 */
const FirstSeen = z.strictObject({
  ...common,
  kind: z.literal('first_seen'),
  entity: z.literal('user'),
  parameters: z.strictObject({ threshold: count, min_days: days, max_share: share }),
})

/**
 * A login at least `hours_off` hours (of the day, UTC) away from any hour at which its user logged in before, after at least `threshold` logins, and
 * after so many that somebody who keeps no hours at all would have left such a gap by no more than this `chance`: the wider, the fewer logins.
 */
const UnusualHour = z.strictObject({
  ...common,
  kind: z.literal('unusual_hour'),
  entity: z.literal('user'),
  parameters: z.strictObject({ threshold: count, hours_off: z.int().min(1).max(12), chance: share }),
})

/** An hour with at least `threshold` lines and `times` the median of the host's hours, of which there are at least `min_hours`. */
const Burst = z.strictObject({
  ...common,
  kind: z.literal('burst'),
  entity: z.literal('host'),
  parameters: z.strictObject({ threshold: count, times: z.number().min(1), min_hours: count }),
})

/** One file of detections/: data, compiled to SQL by ./compile.ts. */
export const Detection = z
  .discriminatedUnion('kind', [Threshold, Distinct, Sequence, Regular, FirstSeen, UnusualHour, Burst])
  .refine(({ entity, parameters }) => entity === 'address' || !('quiet_share' in parameters), 'quiet_share is for addresses only')
  .refine(({ entity, parameters: p }) => !('field' in p && p.field === 'host') || (entity === 'address' && p.quiet_share === undefined), 'host is counted for addresses, without a quiet_share')
  .refine(({ parameters }) => parameters.threshold >= 3 || !('quiet_share' in parameters), 'quiet_share needs a threshold of 3 or more')
export type Detection = z.infer<typeof Detection>
export type DetectionOf<Kind extends Detection['kind']> = Extract<Detection, { kind: Kind }>
