import type { Report } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabricksTarget, startDatabricksTarget } from './databricks-target.ts'
import { PipelineHost } from './pipeline-host.ts'

// Jobs do their work by DuckDB here: what is tried is how runs and jobs go together. databricks.nightly.test.ts has Spark, databricks-faults.real.test.ts what goes wrong.
let target: DatabricksTarget
beforeAll(async () => {
  target = await startDatabricksTarget()
}, 60_000)
afterAll(() => target.stop())

const METADATA = { base_time: '2026-02-01T00:00:00Z' }
const log = (seed: number): Buffer => Buffer.concat([...generateLog({ seed, lines: 300, start: '2026-01-05T00:00:00Z', days: 1 })])
const hashes = ({ artifacts }: Report): Record<string, string> => Object.fromEntries(artifacts.map(({ output, sha256 }) => [output, sha256]))
const runsOf = (runId: string) => [...target.double.world.runs.values()].filter(({ parameters }) => parameters['task']?.includes(`/${runId}/`))

test('a run is four jobs, each of which says where it is, and gives the bytes of the embedded engine', { timeout: 120_000 }, async () => {
  const { pipeline } = target
  const report = await pipeline.ended(await pipeline.drop('first.log', log(1), METADATA), 90)
  expect(report).toMatchObject({ status: 'succeeded', error: null, engine: { name: 'databricks', why: 'engine: databricks' } })
  expect(runsOf(report.runId)).toHaveLength(4)
  expect(report.stages.slice(0, 4).map(({ job }) => job)).toEqual(runsOf(report.runId).map(({ jobId, runId }) => ({
    url: `${target.double.host}/#job/${jobId}/run/${runId}`, nodeType: 'Standard_DS3_v2', seconds: expect.any(Number) as number, cost: expect.any(Number) as number,
  })))
  const other = await PipelineHost.start({ LOGPIPE_API_ENTRY: '' })
  try {
    const embedded = await other.ended(await other.drop('first.log', log(1), METADATA))
    expect(embedded).toMatchObject({ status: 'succeeded', engine: { name: 'duckdb', why: 'engine: duckdb' } })
    expect(hashes(report)).toEqual(hashes(embedded))
  } finally {
    await other.stop()
  }
})

test('a source may ask for its engine', async () => {
  const { pipeline } = target
  const report = await pipeline.ended(await pipeline.drop('small.log', log(99), { ...METADATA, engine: 'duckdb' }))
  expect(report).toMatchObject({ status: 'succeeded', engine: { name: 'duckdb', why: 'the source wants engine: duckdb' } })
  expect(runsOf(report.runId)).toHaveLength(0)
  expect(await pipeline.ended(await pipeline.drop('wrong.log', log(98), { ...METADATA, engine: 'spark' }))).toMatchObject({ status: 'failed', error: { code: 'SOURCE_SETTING_WRONG' } })
})
