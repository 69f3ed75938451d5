import type { LayerTask, Logger, ObjectStore, PipelineDefinition } from '@logpipe/core'
import type { SourceLimits } from './source-lines.ts'
import type { WorkFolder } from './work-folder.ts'

/** What every layer of this engine is given. */
export interface LayerContext {
  readonly store: ObjectStore
  readonly definition: PipelineDefinition
  readonly limits: SourceLimits
  readonly folder: WorkFolder
  readonly task: LayerTask
  readonly signal: AbortSignal
  readonly log: Logger
}
