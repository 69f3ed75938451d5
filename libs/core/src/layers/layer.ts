import { z } from 'zod'

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

/** An intermediate relation: `CREATE VIEW name AS <sql>`, in order, before the outputs of its layer. */
export const View = z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9_]*$/), sql: z.string() })

export const Layer = z.strictObject({
  name: z.enum(['bronze', 'silver', 'gold', 'ml']),
  /** The container its outputs go to (ml lies in gold, under ml/). */
  container: z.enum(['bronze', 'silver', 'gold']),
  /** Names of earlier outputs that it reads. */
  inputs: z.array(z.string()).default([]),
  views: z.array(View).default([]),
  outputs: z.array(Output).min(1),
})

export type Output = z.infer<typeof Output>
export type View = z.infer<typeof View>
export type Layer = z.infer<typeof Layer>
export type LayerName = Layer['name']

/** A column of a schema: SQL type in the subset that DuckDB and Spark share. */
export const Column = z.strictObject({
  name: z.string(),
  type: z.string().regex(/^(BIGINT|INTEGER|BOOLEAN|DOUBLE|VARCHAR|BLOB|TIMESTAMP|DECIMAL\(\d+,\d+\)|JSON)$/),
  nullable: z.boolean().default(false),
  /** What it means, with its unit. */
  description: z.string(),
})
export const Schema = z.strictObject({ name: z.string(), version: z.int().min(1), columns: z.array(Column) })
export type Schema = z.infer<typeof Schema>

/** Everything that pipelines/openssh says, loaded and checked: what an engine needs to run a layer. */
export interface PipelineDefinition {
  readonly name: string
  readonly version: number
  readonly layers: readonly Layer[]
  readonly schemas: ReadonlyMap<string, Schema>
  /** layers/*.sql by file name. */
  readonly sql: ReadonlyMap<string, string>
  /** Text of events.yaml's catalogue, compiled by ./catalogue. */
  readonly catalogue: unknown
  /** Numbers that detections and the model use, by name; registered as the columns of the one-row relation `settings`. */
  readonly settings: Readonly<Record<string, number>>
  /** Hex sha256 over all files of the definition, in path order. */
  readonly hash: string
}
