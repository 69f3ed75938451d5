import { createDiskStore } from '@logpipe/bench'
import type { PipelineDefinition } from '@logpipe/core'
import { DEFAULT_MAX_LINE_BYTES } from '@logpipe/core/lines'
import { createDuckDbEngine, DEFAULT_GZIP_LIMITS, type SourceLimits } from '@logpipe/duckdb'
import { join } from 'node:path'
import { readLines } from './lines.ts'
import type { Rows } from './rows.ts'

/** The embedded engine's bounds by run_layer's names. */
export const LIMITS = { max_line_bytes: DEFAULT_MAX_LINE_BYTES, max_ratio: DEFAULT_GZIP_LIMITS.maxRatio, max_bytes: DEFAULT_GZIP_LIMITS.maxBytes }

/** What the embedded engine's bronze makes of a source. Throws LogpipeError as it does. */
export async function bronzeOf(definition: PipelineDefinition, body: Buffer, limits: Partial<SourceLimits> | undefined, dir: string): Promise<{ rows: Rows; facts: object }> {
  const root = join(dir, 'storage')
  const store = await createDiskStore(root)
  await store.ensureContainers()
  const engine = createDuckDbEngine({ store, definition, workDir: join(dir, 'work'), log: () => undefined, ...(limits ? { limits } : {}) })
  const ref = { container: 'bronze', name: 'logs/sshd.log' }
  const source = { ...ref, etag: (await store.put(ref, body)).etag, bytes: body.length }
  const layer = definition.layers.find(({ name }) => name === 'bronze')!
  const task = { runId: 'run', slug: 'log', attempt: 1, layer, source, params: { timezone: 'UTC', baseTimeMs: 0 }, inputs: [], target: { container: 'bronze', prefix: '' } }
  const { parts, counts, warnings } = await engine.runLayer(task, new AbortController().signal)
  const paths = parts.map(({ container, name }) => join(root, container, name))
  const rows = await readLines(paths, definition.schemas.get('lines')!)
  return { rows, facts: { bytes: counts['bytes'], truncated: warnings.includes('GZIP_TRUNCATED') } }
}
