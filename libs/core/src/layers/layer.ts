import { z } from 'zod'
import type { CompiledCatalogue } from '../catalogue/index.ts'
import type { Detection } from '../detections/detection.ts'

/** How an output is laid down. `jsonl` is JSON lines with every field present; `csv` is RFC 4180 with a header and formula-safe text. */
export const OutputFormat = z.enum(['parquet', 'jsonl', 'csv', 'json'])

/** One output of a layer, as pipeline.yaml declares it. `name` is unique in the pipeline and is the relation name later SQL reads. */
export const Output = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** Path below the layer's attempt folder, e.g. `events.json` or `ml/anomalies.json`. */
  path: z.string().regex(/^[a-z0-9_./-]+$/),
  format: OutputFormat,
  /** SELECT under layers/; absent where the engine makes the output itself (bronze lines, the silver parse, the model). */
  sql: z.string().optional(),
  /** Schema under schemas/, held on every write. */
  schema: z.string(),
})

/**
 * A relation that a run is given besides its source: history, carried lines, judgements. Which parts it holds is pinned when the run starts;
 * without a part it is empty. Layers name it in `inputs` like an output.
 */
export const Context = z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9_]*$/), format: z.literal('jsonl'), schema: z.string() })

/**
 * An intermediate relation: `CREATE VIEW name AS <sql>`, in order, before the outputs of its layer. `materialized`: more than one later
 * SELECT reads it, so the engine makes a temporary table of it (a cached view on Spark) instead of computing it each time; `rows`: only where
 * outputs that it reads are read row by row, because a few columns of a columnar file cost less than a table of them.
 */
export const View = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  sql: z.string(),
  materialized: z.union([z.boolean(), z.literal('rows')]).default(false),
})

export const Layer = z.strictObject({
  name: z.enum(['bronze', 'silver', 'gold', 'ml']),
  /** The container its outputs go to (ml lies in gold, under ml/). */
  container: z.enum(['bronze', 'silver', 'gold']),
  /** Names of earlier outputs and of context that it reads. */
  inputs: z.array(z.string()).default([]),
  views: z.array(View).default([]),
  outputs: z.array(Output).min(1),
})

export type Output = z.infer<typeof Output>
export type Context = z.infer<typeof Context>
export type View = z.infer<typeof View>
export type Layer = z.infer<typeof Layer>
export type LayerName = Layer['name']

/**
 * A column of a schema: SQL type in the subset that DuckDB and Spark share. `JSON`: the SELECT gives text that is itself JSON; the
 * writer of jsonl and json puts it in as it is, not as a quoted string (DuckDB: cast to JSON).
 */
export const Column = z.strictObject({
  name: z.string(),
  type: z.string().regex(/^(BIGINT|INTEGER|BOOLEAN|DOUBLE|VARCHAR|BLOB|TIMESTAMP|DECIMAL\(\d+,\d+\)|JSON)$/),
  nullable: z.boolean().default(false),
  /** What it means, with its unit. */
  description: z.string(),
})
export const Schema = z.strictObject({ name: z.string(), version: z.int().min(1), columns: z.array(Column) })
export type Schema = z.infer<typeof Schema>

/** A limit that each run is held to: past it the run fails or only warns. */
export const Expectation = z.strictObject({ value: z.number(), action: z.enum(['fail', 'warn']), description: z.string() })
export type Expectation = z.infer<typeof Expectation>

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)

/** pipeline.yaml. A setting is a number with what it means: the SQL reads `value`, people read the rest. */
export const PipelineFile = z.strictObject({
  name,
  version: z.int().min(1),
  context: z.array(Context).default([]),
  layers: z.array(Layer).min(1),
  settings: z.record(name, z.strictObject({ value: z.number(), unit: z.string(), description: z.string() })),
  quality: z.record(z.string(), Expectation),
})
export type PipelineFile = z.infer<typeof PipelineFile>

/** Everything that pipelines/openssh says, loaded and checked: what an engine needs to run a layer. */
export interface PipelineDefinition {
  readonly name: string
  readonly version: number
  readonly context: readonly Context[]
  readonly layers: readonly Layer[]
  readonly schemas: ReadonlyMap<string, Schema>
  /** layers/*.sql by file name. */
  readonly sql: ReadonlyMap<string, string>
  /** events.yaml, compiled. */
  readonly catalogue: CompiledCatalogue
  /** Numbers that detections and the model use, by name; registered as the columns of the one-row relation `settings`. */
  readonly settings: Readonly<Record<string, number>>
  /** Expectations of each run, by name. */
  readonly quality: Readonly<Record<string, Expectation>>
  /** detections/*.yaml in id order; compiled, they are `sql.get('detections.sql')`. */
  readonly detections: readonly Detection[]
  /** Statements an engine runs once a connection, before the views: by engine, from layers/<engine>_prelude.sql. */
  readonly prelude: ReadonlyMap<string, string>
  /** Hex sha256 over all files of the definition, in path order. */
  readonly hash: string
}
