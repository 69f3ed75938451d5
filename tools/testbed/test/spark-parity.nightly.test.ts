import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definitionHash, layDown, layerFiles } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { generateLog } from '@logpipe/loggen'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newestSparkPython, sparkPython, type SparkPython } from '../src/python/index.ts'
import { compareRows, parityInputs, readLines, readPublished, runEmbeddedLayers, runSparkLayers, startSpark, type ParityInput } from '../src/spark/index.ts'

const definition = await loadDefinition()
const files = await layerFiles(definition)
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-parity-nightly-'))
  await layDown(files, join(dir, 'code'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function sha256(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Outputs of which any row differs. Same bytes are the same rows, and are seen without a look at each. */
async function differing(python: SparkPython, inputs: readonly Pick<ParityInput, 'name' | 'log' | 'params'>[]): Promise<object[]> {
  await mkdir(join(dir, 'spark'))
  await using spark = await startSpark(python, join(dir, 'code'), join(dir, 'spark'))
  const found: object[] = []
  for (const input of inputs) {
    const embedded = await runEmbeddedLayers(definition, input, join(dir, input.name))
    const { files: parts } = await runSparkLayers(spark, definitionHash(files), definition, input, join(dir, 'spark', input.name))
    for (const output of definition.layers.flatMap(layer => layer.outputs)) {
      const [left, right] = [[embedded.files.get(output.name) ?? ''], parts.get(output.name) ?? []]
      if ((await sha256(left)) === (await sha256(right))) continue
      const schema = definition.schemas.get(output.schema)!
      const rows = output.format === 'parquet' ? (paths: readonly string[]) => readLines(paths, schema) : (paths: readonly string[]) => readPublished(paths, output, schema)
      const { differing: count, examples } = compareRows(await rows(left), await rows(right), schema, ['duckdb', 'spark'])
      if (count > 0) found.push({ input: input.name, output: output.name, count, examples })
    }
  }
  return found
}

test('the newest Spark gives the rows of the embedded engine', async () => {
  expect(await differing(await newestSparkPython(), parityInputs(definition.catalogue))).toEqual([])
})

test('Spark 3.4.1 does at 1 M lines', async () => {
  const log = Buffer.concat([...generateLog({ seed: 20_231, lines: 1_000_000 })])
  expect(await differing(await sparkPython(), [{ name: 'million', log, params: { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 3, 1) } }])).toEqual([])
})
