import { emptyRelation, type PipelineDefinition, type RunParams, type Schema } from '@logpipe/core'
import { paramsSql, silverSql, SPARK_SETTINGS } from '@logpipe/core/silver'

/** Bronze of one source, and where its outputs go: `out` must not exist yet. */
export interface SparkSource {
  readonly name: string
  readonly lines: string
  readonly out: string
  readonly params: RunParams
  /** JSON lines of the context relations that have a part, by name; the others are empty. */
  readonly context?: Readonly<Record<string, string>>
}

/** What run_layers.py reads. */
export interface SparkJob {
  readonly settings_of_spark: Readonly<Record<string, string>>
  readonly settings: string
  readonly silver: { readonly events: string; readonly quarantine: string; readonly schema: string; readonly written: string }
  readonly context: readonly { readonly name: string; readonly empty: string; readonly schema: string }[]
  readonly layers: readonly { readonly views: readonly object[]; readonly outputs: readonly object[] }[]
  readonly sources: readonly { readonly name: string; readonly lines: string; readonly out: string; readonly params: string; readonly context: Readonly<Record<string, string>> }[]
}

/** Two threads, no UI, nothing that listens but on loopback. Settings the SQL does not need leave its results as they are. */
const LOCAL_SETTINGS = {
  'spark.master': 'local[2]',
  'spark.driver.memory': '3g',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.ui.enabled': 'false',
  'spark.ui.showConsoleProgress': 'false',
  'spark.sql.shuffle.partitions': '2',
  'spark.sql.ansi.enabled': 'false',
  'spark.sql.jsonGenerator.ignoreNullFields': 'false',
}

/** A layer as Spark takes it: the pipeline's own SQL, in the order of pipeline.yaml. */
export function sparkJob(definition: PipelineDefinition, sources: readonly SparkSource[], workDir: string): SparkJob {
  const sqlOf = (file: string): string => (definition.sql.get(file) as string).trim().replace(/;$/, '')
  const schemaOf = (name: string): Schema => definition.schemas.get(name) as Schema
  const settings = Object.entries(definition.settings).map(([name, value]) => `CAST(${value} AS DOUBLE) AS ${name}`)
  return {
    settings_of_spark: { ...SPARK_SETTINGS, ...LOCAL_SETTINGS, 'spark.local.dir': workDir, 'spark.sql.warehouse.dir': workDir },
    settings: `SELECT ${settings.join(', ')}`,
    silver: { ...silverSql(definition.catalogue), schema: sparkColumns(schemaOf('events')), written: sparkColumns(schemaOf('events'), { TIMESTAMP: 'STRING' }) },
    context: definition.context.map(({ name, schema }) => ({ name, empty: emptyRelation(schemaOf(schema)), schema: sparkColumns(schemaOf(schema)) })),
    layers: definition.layers
      .filter(({ name }) => name === 'gold' || name === 'ml')
      .map(({ views, outputs }) => ({
        views: views.map(({ name, sql, materialized }) => ({ name, sql: sqlOf(sql), materialized })),
        outputs: outputs.map(({ name, sql }) => ({ name, sql: sqlOf(sql as string) })),
      })),
    sources: sources.map(({ name, lines, out, params, context = {} }) => ({ name, lines, out, params: paramsSql(params), context })),
  }
}

const SPARK_TYPES: Readonly<Record<string, string>> = { VARCHAR: 'STRING', JSON: 'STRING', BLOB: 'BINARY', INTEGER: 'INT' }

function sparkColumns({ columns }: Schema, types: Readonly<Record<string, string>> = {}): string {
  return columns.map(({ name, type }) => `${name} ${types[type] ?? SPARK_TYPES[type] ?? type}`).join(', ')
}
