import { resolve } from 'node:path'
import { asLogpipeError, type LayerEngine, type LayerResult, type LayerTask, type Logger, type ObjectStore, type PipelineDefinition } from '@logpipe/core'
import { DEFAULT_MAX_LINE_BYTES } from '@logpipe/core/lines'
import { runBronze } from './bronze.ts'
import type { LayerContext } from './layer-context.ts'
import { DEFAULT_GZIP_LIMITS } from './open-source.ts'
import { SessionKeeper } from './session-keeper.ts'
import { runSilver } from './silver.ts'
import type { SourceLimits } from './source-lines.ts'
import { runSqlLayer } from './sql-layer.ts'
import { WorkFolder } from './work-folder.ts'

export interface DuckDbEngineOptions {
  readonly store: ObjectStore
  readonly definition: PipelineDefinition
  /** Folder for the files of running runs; made when missing. A run takes its decompressed source, its outputs and what DuckDB spills. */
  readonly workDir: string
  /** Default 2. */
  readonly threads?: number
  /** What DuckDB's tables and buffers may take before they spill; default 300MB, see docs/performance.md for what the process takes. */
  readonly memoryLimit?: string
  /** Sources of more lines keep their tables in the work folder; default 4 million, whose tables are about as large as the default limit. */
  readonly linesInMemory?: number
  readonly limits?: Partial<SourceLimits>
  readonly log: Logger
}

/**
 * The embedded engine: bronze and silver by one walk over the bytes each, gold and ml by SQL in a hardened DuckDB. Files stay in the work
 * folder between the layers of a run, until `release`; a process that starts anew fetches from storage what it misses.
 */
export function createDuckDbEngine(options: DuckDbEngineOptions): LayerEngine {
  const limits = { maxLineBytes: DEFAULT_MAX_LINE_BYTES, ...DEFAULT_GZIP_LIMITS, ...options.limits }
  const workDir = resolve(options.workDir)
  const { threads = 2, memoryLimit = '300MB', linesInMemory = 4_000_000 } = options
  const sessions = new SessionKeeper({ threads, memoryLimit, linesInMemory })

  const run = async (context: LayerContext): Promise<LayerResult> => {
    switch (context.task.layer.name) {
      case 'bronze':
        return runBronze(context)
      case 'silver':
        return runSilver(context)
      case 'gold':
      case 'ml':
        return sessions.use(context.task.runId, context.folder, linesOf(context.task), (session) => runSqlLayer(context, session))
    }
  }

  return {
    name: 'duckdb',
    async runLayer(task, signal) {
      signal.throwIfAborted()
      const folder = new WorkFolder(workDir, task.runId)
      const started = performance.now()
      try {
        await folder.make()
        const result = await run({ ...options, limits, folder, task, signal })
        options.log('info', 'layer.done', { ...about(task), ms: Math.round(performance.now() - started), ...result.counts })
        return result
      } catch (error) {
        signal.throwIfAborted()
        throw asLogpipeError(error, task.layer.name)
      }
    },
    async release(runId) {
      await sessions.drop(runId)
      await new WorkFolder(workDir, runId).remove()
    },
  }
}

/** Of the source: what no part has more rows than. */
const linesOf = ({ inputs }: LayerTask): number => Math.max(0, ...inputs.map(({ rows }) => rows ?? 0))

const about = (task: LayerTask): Record<string, unknown> => ({ runId: task.runId, layer: task.layer.name, attempt: task.attempt })
