import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asLogpipeError, type LayerTask, type ObjectStore, type Part, type PipelineDefinition, type RunParams, type SourceRef, toJsonBytes } from '@logpipe/core'
import { createDuckDbEngine } from '@logpipe/duckdb'
import type { Runner } from './world.ts'

interface TaskDocument {
  readonly runId: string
  readonly slug: string
  readonly attempt: number
  readonly layer: string
  readonly definition: string
  readonly source: SourceRef
  readonly params: RunParams
  readonly inputs: readonly Part[]
  readonly target: LayerTask['target']
}

/** The task documents that were worked on, in order. */
export interface DuckDbRunner {
  readonly run: Runner
  readonly worked: TaskDocument[]
}

/**
 * A runner without Spark: what a job is given and leaves is the same, DuckDB makes the data. It tells how logpipe deals with jobs, and nothing of Spark:
 * that is what the real runner is for.
 */
export function duckDbRunner(store: ObjectStore, definition: PipelineDefinition): DuckDbRunner {
  const worked: TaskDocument[] = []
  const run: Runner = async ({ parameters }, signal) => {
    const [container, ...name] = (parameters['task'] ?? '').split('/')
    const blob = await store.readSmall({ container: container!, name: name.join('/') })
    if (!blob) throw new Error(`BLOB_NOT_FOUND: There is no blob ${parameters['task'] ?? ''}`)
    const task = JSON.parse(new TextDecoder().decode(blob.body)) as TaskDocument
    worked.push(task)
    const layer = definition.layers.find(({ name: own }) => own === task.layer)!
    const workDir = await mkdtemp(join(tmpdir(), 'logpipe-job-'))
    const engine = createDuckDbEngine({ store, definition, log: () => undefined, workDir, threads: 2, memoryLimit: '300MB', limits: { maxLineBytes: 65_536, maxRatio: 200, maxBytes: 2 ** 36 } })
    const about = { version: 1, runId: task.runId, layer: task.layer, attempt: task.attempt, definition: task.definition }
    const report = (content: object) => store.create({ container: task.target.container, name: `${task.target.prefix}_REPORT.${task.layer}.json` }, toJsonBytes({ ...about, ...content }))
    try {
      await report({ ok: true, ...(await engine.runLayer({ ...task, layer }, signal)) })
    } catch (error) {
      if (signal.aborted) throw error
      const { code, fields, message } = asLogpipeError(error, task.layer)
      await report({ ok: false, error: { code, fields, message } })
      throw new Error(`${code}: ${message}`)
    } finally {
      await engine.release(task.runId)
      await rm(workDir, { recursive: true, force: true })
    }
  }
  return { run, worked }
}
