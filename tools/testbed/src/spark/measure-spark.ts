// What a line costs on Spark, layer by layer, for docs/scale.md: node bootstrap.mjs node tools/testbed/src/spark/measure-spark.ts 200000
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definitionHash, layDown, layerFiles } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { generateLog } from '@logpipe/loggen'
import { sparkPython } from '../python/index.ts'
import { cpuSeconds } from './cpu-seconds.ts'
import { runSparkLayers } from './spark-layers.ts'
import { startSpark, type SparkService } from './spark-service.ts'

const lines = Number(process.argv[2] ?? 200_000)
const dir = await mkdtemp(join(tmpdir(), 'logpipe-measure-'))
try {
  const definition = await loadDefinition()
  const files = await layerFiles(definition)
  await layDown(files, join(dir, 'code'))
  await mkdir(join(dir, 'spark'))
  await using spark = await startSpark(await sparkPython(), join(dir, 'code'), join(dir, 'spark'))
  const measured: SparkService = {
    ...spark,
    async runLayer(request) {
      const before = cpuSeconds(spark.pid)
      const report = await spark.runLayer(request)
      process.stdout.write(`${JSON.stringify({ lines, layer: request.layer, seconds: report.seconds, cpuSeconds: Math.round(cpuSeconds(spark.pid) - before) })}\n`)
      return report
    },
  }
  const log = Buffer.concat([...generateLog({ seed: 20_230, lines })])
  process.stdout.write(`${JSON.stringify({ ...spark.versions, lines, bytes: log.length })}\n`)
  await runSparkLayers(measured, definitionHash(files), definition, { log, params: { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 3, 1) } }, join(dir, 'data'))
} finally {
  await rm(dir, { recursive: true, force: true })
}
