import { listRunStatuses, LogpipeError, readRecord, RUNS_SEGMENT, runIdentity, type RunStatus, SOURCE_CONTAINER, TERMINAL } from '@logpipe/core'
import * as df from 'durable-functions'
import { app } from '../compose.ts'
import { dispatch, freeTurns } from './dispatch.ts'
import { startRecord, startRun } from './start-run.ts'
import { keepUnderWay } from './under-way.ts'

/**
 * Events get lost, and so can the runtime's state; this is the real guarantee: whatever lies in bronze and has no run is started, and a run that
 * has not ended is under way, or is made to be.
 */
df.app.client.timer('sourcesWithoutRun', {
  schedule: process.env['LOGPIPE_SCHEDULE'] ?? '0 */5 * * * *',
  handler: async (_timer: unknown, client: df.DurableClient) => {
    const deps = await app()
    const runs = await listRunStatuses(deps.store)
    let [found, started] = [0, 0]
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
        deps.log('warn', 'source.skipped', { name: JSON.stringify(blob.name), code: error.code, cause: error.message })
      }
    }
    started += await dispatch(deps, client)
    deps.log('info', 'timer.done', { found, started })
  },
})
