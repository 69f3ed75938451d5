import { asLogpipeError } from '@logpipe/core'
import * as df from 'durable-functions'
import { app, type App } from '../compose.ts'
import type { Outcome } from '../orchestrators/messages.ts'

/** Registers an activity whose failures are values (see Outcome). */
export function activity<I, O>(name: string, work: (app: App, input: I) => Promise<O>): void {
  df.app.activity(name, {
    handler: async (input: I): Promise<Outcome<O>> => {
      try {
        return { ok: true, value: await work(await app(), input) }
      } catch (thrown) {
        const error = asLogpipeError(thrown, name, 'the functions host')
        const { log } = await app().catch(() => ({ log: () => undefined }))
        log('error', 'activity.failed', { activity: name, code: error.code, cause: error.message, stack: error.stack })
        return { ok: false, error: error.toDocument(), retryable: error.retryable || error.code === 'STAGE_FAILED' }
      }
    },
  })
}
