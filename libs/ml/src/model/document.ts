import { Manifest } from '@logpipe/core'
import { z } from 'zod'

export const PartShape = Manifest.shape.parts.element

/** Addresses that had a value of a feature, or a score where `feature` is `score`. Values have three significant digits. */
export const ValueRow = z.object({ feature: z.string(), value: z.number().min(0), entities: z.int().min(1) })
const Day = z.iso.date()
/** Accepted logins of a user from an address, days in UTC. */
export const LoginRow = z.object({ user_name: z.string(), address: z.string(), first_day: Day, last_day: Day, logins: z.int().min(1) })
/** Accepted logins of a user in an hour of the day, UTC. */
export const HourRow = z.object({ user_name: z.string(), hour: z.int().min(0).max(23), logins: z.int().min(1) })
export type ValueRow = z.infer<typeof ValueRow>
export type LoginRow = z.infer<typeof LoginRow>
export type HourRow = z.infer<typeof HourRow>

/** What of a source is in a version: its slug, what its log said, and the files of its part. */
export const Learnt = z.object({
  slug: z.string(),
  /** Hex sha256 of the source's events: the same log under another name has the same one. */
  contentKey: z.string().regex(/^[0-9a-f]{64}$/),
  runId: z.string(),
  /** Last-Modified of the source version, ms: a newer version of a source takes the place of an older one. */
  modifiedMs: z.number(),
  /** When the run was published, ms: of two runs of the same version the later one counts. */
  publishedMs: z.number(),
  parts: z.array(PartShape),
})
export type Learnt = z.infer<typeof Learnt>

/** model.json, of a run's part and of a version alike; columns and units in pipelines/openssh/schemas/model.yaml. */
export const ModelHead = z.object({
  schema_version: z.literal(2),
  method: z.literal('ecdf_right_tail'),
  features: z.array(z.string()).min(1),
  entities: z.int().min(0),
  threshold: z.object({
    rule: z.string(),
    warmup_entities: z.number().min(0),
    fence: z.number().min(0),
    floor: z.number().min(0),
    entities: z.int().min(0),
    first_quartile: z.number().nullable(),
    third_quartile: z.number().nullable(),
    value: z.number().nullable(),
  }),
  lineage: z.array(Learnt.pick({ slug: true, contentKey: true })),
  tables: z.array(PartShape.pick({ output: true, bytes: true, sha256: true, rows: true })),
})
export type ModelHead = z.infer<typeof ModelHead>

/** A model in memory: a version, or the part of one file. */
export interface Model {
  readonly head: ModelHead
  readonly values: readonly ValueRow[]
  readonly logins: readonly LoginRow[]
  readonly hours: readonly HourRow[]
}

/** Tables of a version, in order: the context relation each fills, and its file's name. */
export const TABLES = [
  { relation: 'known_values', output: 'model_values', file: 'values.json', row: ValueRow, of: (model: Model) => model.values },
  { relation: 'known_logins', output: 'model_logins', file: 'logins.json', row: LoginRow, of: (model: Model) => model.logins },
  { relation: 'known_hours', output: 'model_hours', file: 'hours.json', row: HourRow, of: (model: Model) => model.hours },
] as const
