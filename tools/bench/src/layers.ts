import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '@logpipe/core'
import { places, runIdentity, SOURCE_CONTAINER } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { createDuckDbEngine } from '@logpipe/duckdb'
import { createDiskStore } from './disk-store.ts'
import type { Phase } from './measurement.ts'
import { phases } from './measurement.ts'

/** Generated logs begin in 2025, so a year-less time read from here is the one that was written. */
const params = { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 11, 31) }

/** Runs every layer of the pipeline on the embedded engine, as a run does it, with everything the contracts ask of each. */
export async function runLayers(file: string, folder: string, threads: number): Promise<Phase[]> {
  const clock = phases()
  const workDir = join(folder, 'work')
  await mkdir(workDir)
  const store = await createDiskStore(join(folder, 'store'))
  await store.ensureContainers()
  const { size: bytes } = await stat(file)
  const blob = { container: SOURCE_CONTAINER, name: 'bench.log' }
  const { etag } = await store.put(blob, { path: file, bytes })
  const source = { ...blob, etag, bytes }
  const definition = await loadDefinition()
  const engine = createDuckDbEngine({ store, definition, log: () => undefined, threads, workDir })
  const { runId, slug } = await runIdentity('bench', source)
  clock.end('start')

  const inputs: Part[] = []
  for (const layer of definition.layers) {
    const target = places.attempt(layer, slug, runId, 1)
    const { parts } = await engine.runLayer({ runId, slug, attempt: 1, layer, source, params, inputs: [...inputs], target }, new AbortController().signal)
    inputs.push(...parts)
    clock.end(layer.name)
  }
  await engine.release(runId)
  clock.end('release')
  return clock.done()
}
