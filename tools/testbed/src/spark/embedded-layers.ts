import { join } from 'node:path'
import { createDiskStore } from '@logpipe/bench'
import type { LayerName, LayerResult, Part, PipelineDefinition } from '@logpipe/core'
import { createDuckDbEngine } from '@logpipe/duckdb'
import type { SparkSource } from './spark-layers.ts'

export interface EmbeddedLayers {
  /** Local path of each output. */
  readonly files: ReadonlyMap<string, string>
  readonly results: ReadonlyMap<LayerName, LayerResult>
}

/** Takes a log through all layers on the embedded engine, under the name that runSparkLayers gives it. */
export async function runEmbeddedLayers(definition: PipelineDefinition, { log, params }: SparkSource, dir: string): Promise<EmbeddedLayers> {
  const root = join(dir, 'storage')
  const store = await createDiskStore(root)
  await store.ensureContainers()
  const engine = createDuckDbEngine({ store, definition, workDir: join(dir, 'work'), log: () => undefined })
  const ref = { container: 'bronze', name: 'logs/sshd.log' }
  const source = { ...ref, etag: (await store.put(ref, log)).etag, bytes: log.length }
  const parts: Part[] = []
  const results = new Map<LayerName, LayerResult>()
  try {
    for (const layer of definition.layers) {
      const target = { container: layer.container, prefix: '_runs/log/run/attempt=1/' }
      const result = await engine.runLayer({ runId: 'run', slug: 'log', attempt: 1, layer, source, params, inputs: parts, target }, new AbortController().signal)
      parts.push(...result.parts)
      results.set(layer.name, result)
    }
  } finally {
    await engine.release('run')
  }
  return { files: new Map(parts.map(({ output, container, name }) => [output, join(root, container, name)])), results }
}
