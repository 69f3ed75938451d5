import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Output, Schema } from '@logpipe/core'
import { definitionHash, layDown, layerFiles, type LayerDescription, type LayerFile } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sparkPython } from '../src/python/index.ts'
import {
  compareRows, parityInputs, readLines, readPublished, runEmbeddedLayers, runSparkLayers, silverByDuckDb, startSpark, writeFigures,
  type EmbeddedLayers, type ParityComparison, type SparkLayers, type SparkService,
} from '../src/spark/index.ts'

const definition = await loadDefinition()
const inputs = parityInputs(definition.catalogue)
const outputs = definition.layers.filter(({ name }) => name !== 'bronze').flatMap(layer => layer.outputs)
const SILVER = ['events', 'quarantine'] as const
const cases = inputs.flatMap(input => outputs.map(output => ({ input: input.name, output: output.name })))

let dir: string
let versions: SparkService['versions']
let sparkSeconds: number
const embedded = new Map<string, EmbeddedLayers>()
const onSpark = new Map<string, SparkLayers>()
const comparisons: ParityComparison[] = []

/** So small that the longer inputs have several parts, as only very large ones would have; the empty one and the hostile one's silver have one. */
const PARTS: Readonly<Record<string, Partial<LayerDescription>>> = { 'layers/bronze.json': { rangeBytes: 300_000 }, 'layers/silver.json': { linesOfPart: 4_000 } }
const inSmallParts = (file: LayerFile): LayerFile =>
  file.path in PARTS ? { ...file, text: JSON.stringify({ ...(JSON.parse(file.text) as LayerDescription), ...PARTS[file.path] }) } : file

beforeAll(async () => {
  const python = await sparkPython()
  dir = await mkdtemp(join(tmpdir(), 'logpipe-parity-'))
  for (const input of inputs) embedded.set(input.name, await runEmbeddedLayers(definition, input, join(dir, input.name)))
  const files = await layerFiles(definition)
  await layDown(files.map(inSmallParts), join(dir, 'code'))
  await mkdir(join(dir, 'spark'))
  const started = performance.now()
  await using spark = await startSpark(python, join(dir, 'code'), join(dir, 'spark'))
  versions = spark.versions
  for (const input of inputs) onSpark.set(input.name, await runSparkLayers(spark, definitionHash(files), definition, input, join(dir, 'spark', input.name)))
  sparkSeconds = Math.round((performance.now() - started) / 1000)
})

afterAll(async () => {
  if (versions !== undefined) {
    const all = { ...versions, duckdb: await duckDbVersion(), node: process.version.slice(1), definition: definition.hash.slice(0, 12) }
    const described = await Promise.all(inputs.map(async ({ name, title, log }) => ({ name, title, bytes: log.length, lines: await linesOf(name) })))
    writeFigures({ date: new Date().toISOString().slice(0, 10), versions: all, sparkSeconds, inputs: described, comparisons })
  }
  if (dir !== undefined) await rm(dir, { recursive: true, force: true })
})

const fileOf = (input: string, output: string): string => embedded.get(input)?.files.get(output) ?? ''
const sparkFiles = (input: string, output: string): readonly string[] => onSpark.get(input)?.files.get(output) ?? []
const outputOf = (name: string): Output => outputs.find(output => output.name === name)!
const schemaOf = (name: string): Schema => definition.schemas.get(outputOf(name).schema)!
const publishedRows = (input: string, output: string) => readPublished([fileOf(input, output)], outputOf(output), schemaOf(output))
const bytesOf = async (paths: readonly string[]): Promise<Buffer> => Buffer.concat(await Promise.all(paths.map(path => readFile(path))))

async function query(sql: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    return String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
const duckDbVersion = (): Promise<string> => query('SELECT version()')
const linesOf = async (input: string): Promise<number> => Number(await query(`SELECT count(*) FROM read_parquet('${fileOf(input, 'lines')}')`))

describe('Spark and the embedded engine give the same rows', () => {
  test.each(inputs)('$name: lines', async ({ name }) => {
    const schema = definition.schemas.get('lines')!
    const found = compareRows(await readLines([fileOf(name, 'lines')], schema), await readLines(sparkFiles(name, 'lines'), schema), schema, ['duckdb', 'spark'])
    comparisons.push({ pair: 'spark', input: name, output: 'lines', rows: found.rows, differing: found.differing })
    expect(found).toMatchObject({ differing: 0, examples: [] })
  })

  test.each(cases)('$input: $output', async ({ input, output }) => {
    const paths = sparkFiles(input, output)
    const found = compareRows(await publishedRows(input, output), await readPublished(paths, outputOf(output), schemaOf(output)), schemaOf(output), ['duckdb', 'spark'])
    const identical = (await bytesOf([fileOf(input, output)])).equals(await bytesOf(paths))
    comparisons.push({ pair: 'spark', input, output, rows: found.rows, differing: found.differing, identical })
    expect(found).toMatchObject({ differing: 0, examples: [] })
  })
})

/** Inside a JSON column the engines spell numbers in their own ways (0.500000, 0.5). */
const BY_VALUE = new Set(outputs.filter(({ name, format }) => format !== 'csv' && schemaOf(name).columns.some(({ type }) => type === 'JSON')).map(({ name }) => name))

test.each(cases.filter(({ output }) => !BY_VALUE.has(output)))('the files are the same bytes: $input, $output', async ({ input, output }) => {
  expect((await bytesOf(sparkFiles(input, output))).toString()).toBe((await bytesOf([fileOf(input, output)])).toString())
})

test('more than one part of an output was compared', () => {
  const parts = (name: string) => ['lines', 'events'].map(output => sparkFiles(name, output).length)
  expect({ generated: parts('generated'), empty: parts('empty') }).toEqual({ generated: [9, 5], empty: [1, 1] })
})

test.each(inputs)('the same counts and warnings: $name', ({ name }) => {
  const said = (layers: EmbeddedLayers['results'] | SparkLayers['reports'] | undefined) => [...(layers ?? [])].map(([layer, { counts, warnings }]) => ({ layer, counts, warnings }))
  expect(said(onSpark.get(name)?.reports)).toEqual(said(embedded.get(name)?.results))
})

describe('the silver SQL on DuckDB and the parser give the same rows', () => {
  test.each(inputs)('$name', async ({ name, params }) => {
    const rows = await silverByDuckDb(definition, fileOf(name, 'lines'), params)
    for (const output of SILVER) {
      const found = compareRows(await publishedRows(name, output), rows[output], schemaOf(output), ['parser', 'sql'])
      comparisons.push({ pair: 'silver-sql', input: name, output, rows: found.rows, differing: found.differing })
      expect(found).toMatchObject({ differing: 0, examples: [] })
    }
  })
})

test('no input leaves what it is there for empty', async () => {
  for (const { name } of inputs.filter(({ log }) => log.length > 0)) {
    const empty = []
    for (const { name: output } of outputs) if ((await publishedRows(name, output)).length === 0) empty.push(output)
    expect(empty).toEqual(name === 'hostile' ? [] : ['quarantine'])
  }
})
