import { LogpipeError, RUNS_SEGMENT, SOURCE_CONTAINER } from '@logpipe/core'
import * as df from 'durable-functions'
import { app } from '../compose.ts'
import { startRun } from './start-run.ts'

/**
 * A log dropped into bronze starts its run. The trigger's blob itself is not used: it would be the whole file in memory, so only its name
 * goes on and the engine streams.
 */
df.app.client.storageBlob('sourceDropped', {
  path: `${SOURCE_CONTAINER}/{name}`,
  connection: 'AzureWebJobsStorage',
  source: 'EventGrid',
  handler: async (_blob: unknown, client: df.DurableClient, context) => {
    // A blob called 2024 arrives as the number 2024: the SDK reads metadata as JSON.
    const { name: given } = context.triggerMetadata as { name: string | number }
    const name = String(given)
    if (name.startsWith(RUNS_SEGMENT)) return
    const deps = await app()
    const blob = await deps.store.stat({ container: SOURCE_CONTAINER, name })
    if (!blob) {
      deps.log('warn', 'source.gone', { name })
      return
    }
    try {
      await startRun(deps, client, blob, 'blob')
    } catch (error) {
      // A name that is not allowed stays refused, however often it is delivered.
      if (!(error instanceof LogpipeError && error.entry.class === 'user')) throw error
      deps.log('error', 'source.refused', { name: JSON.stringify(name), code: error.code, cause: error.message })
    }
  },
})
