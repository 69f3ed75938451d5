import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Output, Schema } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { type Published, runLayers } from '@logpipe/evaluate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sparkPython } from '../src/python/index.ts'
import {
  compareRows, parityInputs, readPublished, readSparkRows, runSpark, silverByDuckDb, sparkJob, writeFigures,
  type ParityComparison, type SparkRun,
} from '../src/spark/index.ts'

const definition = await loadDefinition()
const inputs = parityInputs(definition.catalogue)
const outputs = definition.layers.filter(({ name }) => name !== 'bronze').flatMap(layer => layer.outputs)
const SILVER = ['events', 'quarantine'] as const
const cases = inputs.flatMap(input => outputs.map(output => ({ input: input.name, output: output.name })))

let dir: string
let spark: SparkRun
let sparkSeconds: number
const published = new Map<string, Published>()
const comparisons: ParityComparison[] = []

beforeAll(async () => {
  const python = await sparkPython()
  dir = await mkdtemp(join(tmpdir(), 'logpipe-parity-'))
  for (const { name, log, params } of inputs) published.set(name, await runLayers(definition, { log, params }, join(dir, name)))
  const sources = inputs.map(({ name, params }) => ({ name, lines: fileOf(name, 'lines'), out: join(dir, name, 'spark'), params }))
  const started = performance.now()
  spark = await runSpark(python, sparkJob(definition, sources, dir), dir)
  sparkSeconds = Math.round((performance.now() - started) / 1000)
})

afterAll(async () => {
  if (spark !== undefined) {
    const versions = { ...spark.versions, duckdb: await duckDbVersion(), node: process.version.slice(1), definition: definition.hash.slice(0, 12) }
    const described = await Promise.all(inputs.map(async ({ name, title, log }) => ({ name, title, bytes: log.length, lines: await linesOf(name) })))
    writeFigures({ date: new Date().toISOString().slice(0, 10), versions, sparkSeconds, inputs: described, comparisons })
  }
  if (dir !== undefined) await rm(dir, { recursive: true, force: true })
})

const fileOf = (input: string, output: string): string => published.get(input)?.get(output) ?? ''
const outputOf = (name: string): Output => outputs.find(output => output.name === name)!
const schemaOf = (name: string): Schema => definition.schemas.get(outputOf(name).schema)!
const publishedRows = (input: string, output: string) => readPublished(fileOf(input, output), outputOf(output), schemaOf(output))

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
  test.each(cases)('$input: $output', async ({ input, output }) => {
    const schema = schemaOf(output)
    const found = compareRows(await publishedRows(input, output), await readSparkRows(join(dir, input, 'spark'), output, schema), schema, ['duckdb', 'spark'])
    comparisons.push({ pair: 'spark', input, output, rows: found.rows, differing: found.differing })
    expect(found).toMatchObject({ differing: 0, examples: [] })
  })
})

const SPARK_TYPES: Readonly<Record<string, string>> = { VARCHAR: 'string', JSON: 'string', TIMESTAMP: 'string' }

test.each(cases)('Spark gives the columns of the schema: $input, $output', ({ input, output }) => {
  const columns = spark.outputs.find(one => one.source === input && one.output === output)?.columns
  expect(columns).toEqual(schemaOf(output).columns.map(({ name, type }) => [name, SPARK_TYPES[type] ?? type.toLowerCase()]))
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
