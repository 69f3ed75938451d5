import { listRunStatuses, LogpipeError, RUNS_SEGMENT, runIdentity, SOURCE_CONTAINER } from '@logpipe/core'
import * as df from 'durable-functions'
import { app } from '../compose.ts'
import { startRun } from './start-run.ts'

/** Events get lost; this is the real guarantee: whatever lies in bronze and has no run, or a run that never started, is started. */
df.app.client.timer('sourcesWithoutRun', {
  schedule: process.env['LOGPIPE_SCHEDULE'] ?? '0 */5 * * * *',
  handler: async (_timer: unknown, client: df.DurableClient) => {
    const deps = await app()
    const runs = await listRunStatuses(deps.store)
    let started = 0
    for await (const blob of deps.store.list(SOURCE_CONTAINER, '', { skip: RUNS_SEGMENT })) {
      const { runId } = await runIdentity(deps.store.account, blob)
      if (runs.has(runId) && runs.get(runId) !== 'queued') continue
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
