import { z } from 'zod'

/** What a detection looks at: the columns of the view `signals` that a filter may name. */
export const FIELDS = ['event', 'outcome', 'attempt', 'method', 'user_name', 'address'] as const
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

const text = z.string().regex(/^[^\\\p{Cc}]+$/u, 'plain text without backslash or control characters')
const seconds = z.int().min(1).max(31 * 86_400)
const count = z.int().min(1)

/** Field → the values it may have; all fields must fit. */
const Filter = z.partialRecord(z.enum(FIELDS), z.array(text).min(1)).refine((filter) => Object.keys(filter).length > 0, 'name at least one field')
export type Filter = z.infer<typeof Filter>

/** Rows of a sample: `times` events, `every_s` apart from `at_s` on; `{n}` in a value is the number of the row, from 1. */
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
  entity: z.enum(['address', 'user', 'host']),
  /** Which lines count, of those that name an address or are a try at a login. */
  where: Filter,
  /** For people: what it means and what to do. */
  text,
  /** One step apart: `firing` gives one hit, `quiet` none. */
  samples: z.strictObject({ firing: z.array(SampleRows).min(1), quiet: z.array(SampleRows).min(1) }),
}

/** At least `threshold` events (repeats count) within some `window_s` seconds. */
const Threshold = z.strictObject({ ...common, kind: z.literal('threshold'), parameters: z.strictObject({ threshold: count, window_s: seconds }) })

/** At least `threshold` different values of `field` within some `window_s` seconds. */
const Distinct = z.strictObject({
  ...common,
  kind: z.literal('distinct'),
  parameters: z.strictObject({ field: z.enum(['user_name', 'address']), threshold: count, window_s: seconds }),
})

/** An event that fits `then`, with at least `threshold` events of `where` in the `window_s` seconds before it. */
const Sequence = z.strictObject({
  ...common,
  kind: z.literal('sequence'),
  then: Filter,
  parameters: z.strictObject({ threshold: count, window_s: seconds }),
})

/**
 * At least `threshold` events whose gaps are long and alike: median ≥ `min_interval_s`, and (third − first quartile) ÷ median ≤ `max_spread`.
 * An event that fits `unless` cancels it.
 */
const Regular = z.strictObject({
  ...common,
  kind: z.literal('regular'),
  unless: Filter.optional(),
  parameters: z.strictObject({ threshold: z.int().min(3), min_interval_s: seconds, max_spread: z.number().min(0).max(1) }),
})

/** One file of detections/: data, compiled to SQL by ./compile.ts. */
export const Detection = z.discriminatedUnion('kind', [Threshold, Distinct, Sequence, Regular])
export type Detection = z.infer<typeof Detection>
export type DetectionOf<Kind extends Detection['kind']> = Extract<Detection, { kind: Kind }>
