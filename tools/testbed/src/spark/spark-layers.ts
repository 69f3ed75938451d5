import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LayerName, Part, PipelineDefinition, RunParams } from '@logpipe/core'
import { paramsSql } from '@logpipe/core/silver'
import type { LayerReport, SparkService } from './spark-service.ts'

export interface SparkSource {
  readonly log: Uint8Array
  readonly params: RunParams
}

export interface SparkLayers {
  /** Local paths of the parts of each output, in order. */
  readonly files: ReadonlyMap<string, readonly string[]>
  readonly reports: ReadonlyMap<LayerName, LayerReport>
}

/** The task document of a layer, as the engine writes it. */
export const taskOf = (definition: string, layer: PipelineDefinition['layers'][number], source: object, params: RunParams, inputs: readonly Part[]): object => ({
  version: 1,
  runId: 'run',
  slug: 'log',
  attempt: 1,
  layer: layer.name,
  definition,
  source,
  params: { ...params, sql: paramsSql(params) },
  inputs,
  target: { container: layer.container, prefix: '_runs/log/run/attempt=1/' },
})

/** Takes a log through all layers by run_layer.py, in a folder that is laid out like storage. Throws where a layer fails. */
export async function runSparkLayers(spark: SparkService, hash: string, definition: PipelineDefinition, { log, params }: SparkSource, root: string): Promise<SparkLayers> {
  const source = { container: 'bronze', name: 'logs/sshd.log', etag: 'first', bytes: log.length }
  const put = async (path: string, body: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), body)
  }
  await put(`${source.container}/${source.name}`, log)
  const parts: Part[] = []
  const reports = new Map<LayerName, LayerReport>()
  for (const layer of definition.layers) {
    const task = `pipeline/runs/run/tasks/${layer.name}-attempt=1.json`
    await put(task, JSON.stringify(taskOf(hash, layer, source, params, parts)))
    const report = await spark.runLayer({ layer: layer.name, task, storage_account: root, scheme: 'file' })
    if (!report.ok) throw new Error(`${layer.name}: ${report.message ?? ''}\n${report.cause ?? ''}`)
    parts.push(...report.parts)
    reports.set(layer.name, report)
  }
  const files = Map.groupBy(parts, ({ output }) => output)
  return { files: new Map([...files].map(([output, own]) => [output, own.map(({ container, name }) => join(root, container, name))])), reports }
}
