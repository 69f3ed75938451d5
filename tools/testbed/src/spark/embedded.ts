import { join } from 'node:path'
import type { LayerEngine, ObjectStore, Part, PipelineDefinition, RunParams } from '@logpipe/core'
import { createDiskStore } from '@logpipe/bench'
import { createDuckDbEngine } from '@logpipe/duckdb'

/** Local paths of what the embedded engine published, by output. */
export type Published = ReadonlyMap<string, string>

/** Takes a log through all layers on the embedded engine, as a run does. `dir` gets its storage. */
export async function runEmbedded(definition: PipelineDefinition, log: Uint8Array, params: RunParams, dir: string): Promise<Published> {
  const root = join(dir, 'storage')
  const store = await createDiskStore(root)
  await store.ensureContainers()
  const engine = createDuckDbEngine({ store, definition, workDir: join(dir, 'work'), log: () => undefined })
  try {
    const parts = await allLayers(engine, store, definition, log, params)
    return new Map(parts.map(({ output, container, name }) => [output, join(root, container, name)]))
  } finally {
    await engine.release('run')
  }
}

async function allLayers(engine: LayerEngine, store: ObjectStore, definition: PipelineDefinition, log: Uint8Array, params: RunParams): Promise<Part[]> {
  const ref = { container: 'bronze', name: 'parity/sshd.log' }
  const { etag } = await store.put(ref, log)
  const source = { ...ref, etag, bytes: log.length }
  const signal = new AbortController().signal
  const parts: Part[] = []
  for (const layer of definition.layers) {
    const target = { container: layer.container, prefix: '_runs/parity/run/attempt=1/' }
    const result = await engine.runLayer({ runId: 'run', slug: 'parity', attempt: 1, layer, source, params, inputs: parts, target }, signal)
    parts.push(...result.parts)
  }
  return parts
}
