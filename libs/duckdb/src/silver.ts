import { LogpipeError, type LayerResult } from '@logpipe/core'
import type { LayerContext } from './layer-context.ts'

/** Placeholder until the silver writer lands. */
export async function runSilver({ task }: LayerContext): Promise<LayerResult> {
  throw new LogpipeError('STAGE_FAILED', { stage: task.layer.name, detail: 'the silver writer is not there yet', log: 'the terminal' })
}
