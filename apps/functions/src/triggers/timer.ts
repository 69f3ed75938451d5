import { asLogpipeError, listRunStatuses, LogpipeError, places, purge, type Purged, readRecord, RUNS_SEGMENT, runIdentity, type RunStatus, SOURCE_CONTAINER, TERMINAL, toJsonBytes, waitingRuns } from '@logpipe/core'
import * as df from 'durable-functions'
import { drainMlflow } from '../activities/track-run.ts'
import { app, type App } from '../compose.ts'
import { dispatch, freeTurns } from './dispatch.ts'
import { startRecord, startRun } from './start-run.ts'
import { keepUnderWay } from './under-way.ts'

/** What MLflow did not take when the run ended. */
const DRAIN_MS = 60_000
const DAY_MS = 86_400_000

/** What the retention rule lets go; nothing where there is none. */
async function sweep({ store, config, clock }: App): Promise<{ purged?: Purged }> {
  if (config.retentionDays === null) return {}
  return { purged: await purge(store, { endedBeforeMs: clock.now() - config.retentionDays * DAY_MS }) }
}

/** Ends jobs whose run has ended, or that no record knows. */
async function sweepJobs({ jobs, store, log }: App): Promise<void> {
  const isUnderWay = async (runId: string): Promise<boolean> => {
    try {
      return !TERMINAL.has((await readRecord(store, runId)).status)
    } catch (error) {
      if (error instanceof LogpipeError && error.code === 'RUN_NOT_FOUND') return false
      throw error
    }
  }
  try {
    const ended = (await jobs?.sweep(isUnderWay)) ?? []
    if (ended.length > 0) log('warn', 'jobs.swept', { ended })
  } catch (error) {
    log('warn', 'jobs.not-swept', { cause: asLogpipeError(error).message })
  }
}

/**
 * Events get lost, and so can the runtime's state; this is the real guarantee: whatever lies in bronze and has no run is started, and a run that
 * has not ended is under way, or is made to be. Leaves one summary of what it did.
 */
df.app.client.timer('sourcesWithoutRun', {
  schedule: process.env['LOGPIPE_SCHEDULE'] ?? '0 */5 * * * *',
  handler: async (_timer: unknown, client: df.DurableClient) => {
    const deps = await app()
    const runs = await listRunStatuses(deps.store)
    let [found, started, refused] = [0, 0, 0]
    await freeTurns(deps, runs)
    for (const [runId, status] of runs) {
      if (status === 'queued') await startRecord(deps, client, await readRecord(deps.store, runId))
      else if (!TERMINAL.has(status as RunStatus) && (await keepUnderWay(deps, client, runId)) === 'started') started += 1
    }
    for await (const blob of deps.store.list(SOURCE_CONTAINER, '', { skip: RUNS_SEGMENT })) {
      const { runId } = await runIdentity(deps.store.account, blob)
      if (runs.has(runId)) continue
      try {
        await startRun(deps, client, blob, 'timer')
        found += 1
      } catch (error) {
        if (!(error instanceof LogpipeError)) throw error
        refused += 1
        deps.log('warn', 'source.skipped', { name: JSON.stringify(blob.name), code: error.code, cause: error.message })
      }
    }
    await sweepJobs(deps)
    started += await dispatch(deps, client)
    const summary = { at: new Date(deps.clock.now()).toISOString(), found, started, refused, waiting: (await waitingRuns(deps.store)).length, ...(await sweep(deps)) }
    await deps.store.put(places.sweep, toJsonBytes(summary))
    deps.log('info', 'timer.done', summary)
    await drainMlflow(deps, DRAIN_MS)
  },
})
