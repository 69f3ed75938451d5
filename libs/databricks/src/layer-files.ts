import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emptyRelation, LogpipeError, type Layer, type LayerName, type Output, type PipelineDefinition, type Schema } from '@logpipe/core'
import { silverSql, SPARK_SETTINGS } from '@logpipe/core/silver'

/** A file as `deploy databricks` lays it down; `path` is below the definition's folder in the workspace. */
export interface LayerFile {
  readonly path: string
  readonly text: string
  /** A notebook is imported as source and has no suffix in the workspace. */
  readonly kind: 'file' | 'notebook'
}

/** What run_layer.py reads of one layer: layers/<layer>.json. */
export interface LayerDescription {
  readonly version: 1
  readonly layer: LayerName
  /** Hash of all files, this one without its hash. A job refuses a task that was written for another. */
  readonly definition: string
  /** Settings of the session, set before any SQL. */
  readonly spark: Readonly<Record<string, string>>
  /** SELECT of the one-row relation `settings`. */
  readonly settings: string
  readonly inputs: readonly { readonly name: string; readonly format: Output['format']; readonly schema: string; readonly empty: string | null }[]
  readonly views: readonly { readonly name: string; readonly file: string; readonly sql: string; readonly materialized: boolean }[]
  readonly outputs: readonly (Pick<Output, 'name' | 'path' | 'format' | 'schema'> & { readonly file: string | null; readonly sql: string | null; readonly columns: Schema['columns'] })[]
  /** Bounds on the source that differ from the embedded engine's defaults. */
  readonly limits: Readonly<Record<string, number>>
  /** Bytes of the source to a part of bronze, lines to a part of silver, where run_layer.py is not to choose. */
  readonly rangeBytes?: number
  readonly linesOfPart?: number
}

/** Folder of run_layer.py in this workspace. */
export const defaultDeployDir = (): string => dirname(fileURLToPath(import.meta.resolve('@logpipe/deploy-databricks/package.json')))

/** Session settings besides those of the silver SQL. Spark 4 counts like ANSI unless told; few rows a batch, because a line may have 64 KiB. */
const SETTINGS: Readonly<Record<string, string>> = {
  ...SPARK_SETTINGS,
  'spark.sql.ansi.enabled': 'false',
  'spark.sql.jsonGenerator.ignoreNullFields': 'false',
  'spark.sql.execution.arrow.maxRecordsPerBatch': '2000',
}

const byPath = (a: LayerFile, b: LayerFile): number => (a.path < b.path ? -1 : 1)

/** All that runs on Databricks: the Python of `dir`, one notebook a layer, and each layer's SQL. In path order; the same definition gives the same bytes. */
export async function layerFiles(definition: PipelineDefinition, dir: string = defaultDeployDir()): Promise<readonly LayerFile[]> {
  const code = [...(await python(dir)), ...(await notebooks(dir))]
  const withHash = (hash: string): LayerFile[] => [...code, ...definition.layers.map((layer) => describe(definition, layer, hash))].sort(byPath)
  return withHash(hashOf(withHash('')))
}

/** The hash that names the files: that of layers/*.json. */
export function definitionHash(files: readonly LayerFile[]): string {
  const layer = files.find(({ path }) => path.startsWith('layers/'))
  if (layer === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: 'deploy/databricks: there is no layer' })
  return (JSON.parse(layer.text) as LayerDescription).definition
}

/** Lays the files down in a folder of this machine; notebooks get their suffix back. */
export async function layDown(files: readonly LayerFile[], dir: string): Promise<void> {
  for (const { path, text, kind } of files) {
    const file = join(dir, kind === 'notebook' ? `${path}.py` : path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

function hashOf(files: readonly LayerFile[]): string {
  const hash = createHash('sha256')
  for (const { path, text } of files) hash.update(`${path}\0${Buffer.byteLength(text)}\0`).update(text)
  return hash.digest('hex')
}

const read = async (dir: string, path: string, kind: LayerFile['kind'], as = path): Promise<LayerFile> => ({ path: as, text: await readFile(join(dir, path), 'utf8'), kind })

async function python(dir: string): Promise<LayerFile[]> {
  const names = (await readdir(join(dir, 'logpipe_layer'))).filter((name) => name.endsWith('.py'))
  return Promise.all(['run_layer.py', ...names.map((name) => `logpipe_layer/${name}`)].map((path) => read(dir, path, 'file')))
}

async function notebooks(dir: string): Promise<LayerFile[]> {
  const names = (await readdir(join(dir, 'notebooks'))).filter((name) => name.endsWith('.py'))
  return Promise.all(names.map((name) => read(dir, `notebooks/${name}`, 'notebook', `notebooks/${name.slice(0, -'.py'.length)}`)))
}

function describe(definition: PipelineDefinition, layer: Layer, hash: string): LayerFile {
  const settings = Object.entries(definition.settings).map(([name, value]) => `CAST(${value} AS DOUBLE) AS ${name}`)
  const description: LayerDescription = {
    version: 1,
    layer: layer.name,
    definition: hash,
    spark: SETTINGS,
    settings: `SELECT ${settings.length > 0 ? settings.join(', ') : 'NULL AS none'}`,
    inputs: layer.inputs.map((name) => input(definition, name)),
    views: layer.views.map(({ name, sql, materialized }) => ({ name, file: sql, sql: sqlOf(definition, sql), materialized: materialized !== false })),
    outputs: layer.outputs.map((output) => ({ ...described(output), ...select(definition, layer, output), columns: schemaOf(definition, output.schema).columns })),
    limits: {},
  }
  return { path: `layers/${layer.name}.json`, text: `${JSON.stringify(description, null, 1)}\n`, kind: 'file' }
}

const described = ({ name, path, format, schema }: Output): Pick<Output, 'name' | 'path' | 'format' | 'schema'> => ({ name, path, format, schema })

function input(definition: PipelineDefinition, name: string): LayerDescription['inputs'][number] {
  const context = definition.context.find((one) => one.name === name)
  const found = context ?? definition.layers.flatMap(({ outputs }) => outputs).find((output) => output.name === name)
  if (found === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `no layer makes ${name}` })
  const schema = schemaOf(definition, found.schema)
  return { name, format: found.format, schema: sparkColumns(schema), empty: context === undefined ? null : emptyRelation(schema) }
}

/** Bronze reads lines by itself; silver's two SELECTs come from the catalogue. */
function select(definition: PipelineDefinition, layer: Layer, { name, sql }: Output): { file: string | null; sql: string | null } {
  if (sql !== undefined) return { file: sql, sql: sqlOf(definition, sql) }
  if (layer.name !== 'silver') return { file: null, sql: null }
  const compiled = silverSql(definition.catalogue)
  // run_layer.py sorts by parts: sorting all lines before would read and parse them once more, only to find where to cut.
  return { file: null, sql: (name === 'events' ? compiled.events : compiled.quarantine).replace(/\sORDER BY p\.line_no\s*$/, '') }
}

function sqlOf(definition: PipelineDefinition, file: string): string {
  const sql = definition.sql.get(file)
  if (sql === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `there is no layers/${file}` })
  return sql.trim().replace(/;$/, '')
}

function schemaOf(definition: PipelineDefinition, name: string): Schema {
  const schema = definition.schemas.get(name)
  if (schema === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `there is no schema ${name}` })
  return schema
}

const SPARK_TYPES: Readonly<Record<string, string>> = { VARCHAR: 'STRING', JSON: 'STRING', BLOB: 'BINARY', INTEGER: 'INT' }

const sparkColumns = ({ columns }: Schema): string => columns.map(({ name, type }) => `${name} ${SPARK_TYPES[type] ?? type}`).join(', ')
