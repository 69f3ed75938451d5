import type { Report } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { sparkRunner, withEmulatorPort } from '@logpipe/testbed/databricks'
import { expect, test } from 'vitest'
import { startDatabricksTarget } from './databricks-target.ts'
import { PipelineHost } from './pipeline-host.ts'

const METADATA = { base_time: '2026-02-01T00:00:00Z' }
const LIMIT_S = 15 * 60
/** Parquet of two writers differs; its rows are held by the parity suite. */
const hashes = ({ artifacts }: Report): Record<string, string> => Object.fromEntries(artifacts.filter(({ output }) => output !== 'lines').map(({ output, sha256 }) => [output, sha256]))

test('a log that is dropped goes through four jobs on real PySpark to the outputs of the embedded engine', { timeout: 2 * LIMIT_S * 1000 }, async () => {
  const spark = await sparkRunner()
  await withEmulatorPort(async () => {
    const target = await startDatabricksTarget(spark)
    try {
      const { pipeline, double } = target
      const log = Buffer.concat([...generateLog({ seed: 7, lines: 2000, start: '2026-01-05T00:00:00Z', days: 1 })])
      const report = await pipeline.ended(await pipeline.drop('web-1/auth.log', log, METADATA), LIMIT_S)
      expect(report).toMatchObject({ status: 'succeeded', error: null, engine: { name: 'databricks' }, summary: { lines: 2000 } })
      expect([...double.world.runs.values()].map(({ code, parameters }) => [code, parameters['task']?.split('/').at(-1)])).toEqual(
        ['bronze', 'silver', 'gold', 'ml'].map((layer) => ['SUCCESS', `${layer}-attempt=1.json`]),
      )
      const embedded = await PipelineHost.start({ LOGPIPE_API_ENTRY: '' })
      try {
        const same = await embedded.ended(await embedded.drop('web-1/auth.log', log, METADATA), LIMIT_S)
        expect(same).toMatchObject({ status: 'succeeded', engine: { name: 'duckdb' }, summary: report.summary })
        expect(hashes(report)).toEqual(hashes(same))
      } finally {
        await embedded.stop()
      }
    } finally {
      await target.stop()
    }
  })
})
