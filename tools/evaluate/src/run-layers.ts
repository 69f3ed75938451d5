import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createDiskStore } from '@logpipe/bench'
import type { LayerEngine, LocalFile, ObjectStore, Part, PipelineDefinition, RunParams } from '@logpipe/core'
import { createDuckDbEngine } from '@logpipe/duckdb'

/** Local paths of what the embedded engine published, by output. */
export type Published = ReadonlyMap<string, string>

/** JSON lines of the context relations that have rows, by name. */
export type ContextRows = Readonly<Record<string, string>>

export interface Source {
  readonly log: Uint8Array | LocalFile
  readonly params: RunParams
  readonly context?: ContextRows
}

/** Takes a log through all layers on the embedded engine, as a run does. `dir` gets its storage. */
export async function runLayers(definition: PipelineDefinition, source: Source, dir: string): Promise<Published> {
  const root = join(dir, 'storage')
  const store = await createDiskStore(root)
  await store.ensureContainers()
  const engine = createDuckDbEngine({ store, definition, workDir: join(dir, 'work'), log: () => undefined })
  try {
    const parts = await allLayers(engine, store, definition, source)
    return new Map(parts.map(({ output, container, name }) => [output, join(root, container, name)]))
  } finally {
    await engine.release('run')
  }
}

async function allLayers(engine: LayerEngine, store: ObjectStore, definition: PipelineDefinition, { log, params, context = {} }: Source): Promise<Part[]> {
  const ref = { container: 'bronze', name: 'logs/sshd.log' }
  const { etag } = await store.put(ref, log)
  const source = { ...ref, etag, bytes: log instanceof Uint8Array ? log.length : log.bytes }
  const signal = new AbortController().signal
  const given = await Promise.all(Object.entries(context).map(([name, text]) => contextPart(store, name, Buffer.from(text))))
  const parts: Part[] = []
  for (const layer of definition.layers) {
    const target = { container: layer.container, prefix: '_runs/log/run/attempt=1/' }
    const result = await engine.runLayer({ runId: 'run', slug: 'log', attempt: 1, layer, source, params, inputs: [...given, ...parts], target }, signal)
    parts.push(...result.parts)
  }
  return parts
}

async function contextPart(store: ObjectStore, output: string, body: Buffer): Promise<Part> {
  const ref = { container: 'pipeline', name: `context/${output}.json` }
  await store.put(ref, body)
  return { output, ...ref, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), rows: null }
}
