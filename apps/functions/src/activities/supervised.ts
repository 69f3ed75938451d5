import { LogpipeError, readRecord, STAGES, updateRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { StageInput } from '../orchestrators/messages.ts'

/** How soon a cancel is noticed, ms. */
const LOOK_MS = 1000

/**
 * Work on a stage under a signal that aborts when a person asks for the run's end or when the stage's time is over; the work has ended when
 * this returns. What is published already is not cancelled. Notes this process in the record, which tells how often a run was resumed.
 * Throws RUN_CANCELLED, TIMED_OUT.
 */
export async function supervised<T>(app: App, { runId, stage }: StageInput, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const cancellable = STAGES.find(({ name }) => name === stage)?.kind !== 'after'
  const look = async (): Promise<void> => {
    const record = await readRecord(app.store, runId)
    if (cancellable && record.cancelRequestedAt !== null) stop.abort(new LogpipeError('RUN_CANCELLED', { runId }))
    if (!record.workers.includes(app.worker)) await updateRecord(app.store, runId, (now) => ({ ...now, workers: [...new Set([...now.workers, app.worker])] }))
  }
  await look()
  stop.signal.throwIfAborted()
  const seconds = app.config.stageTimeoutSeconds
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_MS) // a look that fails is made again
  const ending = setTimeout(() => stop.abort(new LogpipeError('TIMED_OUT', { what: `Stage ${stage}`, seconds, runId })), seconds * 1000)
  try {
    return await work(stop.signal)
  } catch (error) {
    stop.signal.throwIfAborted()
    throw error
  } finally {
    clearInterval(looking)
    clearTimeout(ending)
  }
}
