import { listRunStatuses, LogpipeError, RUNS_SEGMENT, runIdentity, type RunStatus, SOURCE_CONTAINER, TERMINAL } from '@logpipe/core'
import * as df from 'durable-functions'
import { app } from '../compose.ts'
import { startRun } from './start-run.ts'
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
    let started = 0
    for (const [runId, status] of runs) {
      if (!TERMINAL.has(status as RunStatus) && (await keepUnderWay(deps, client, runId)) === 'started') started += 1
    }
    for await (const blob of deps.store.list(SOURCE_CONTAINER, '', { skip: RUNS_SEGMENT })) {
      const { runId } = await runIdentity(deps.store.account, blob)
      if (runs.has(runId)) continue
      try {
        await startRun(deps, client, blob, 'timer')
        started += 1
      } catch (error) {
        if (!(error instanceof LogpipeError)) throw error
        deps.log('warn', 'source.skipped', { name: JSON.stringify(blob.name), code: error.code, cause: error.message })
      }
    }
    deps.log('info', 'timer.done', { started })
  },
})
