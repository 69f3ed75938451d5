import { asLogpipeError } from '@logpipe/core'
import * as df from 'durable-functions'
import { app, type App } from '../compose.ts'
import type { Outcome, StageInput } from '../orchestrators/messages.ts'
import { failure } from './failure.ts'
import { supervised } from './supervised.ts'

/** Registers an activity whose failures are values (see Outcome). */
export function activity<I, O>(name: string, work: (app: App, input: I, client: df.DurableClient) => Promise<O>): void {
  df.app.activity(name, {
    extraInputs: [df.input.durableClient()],
    handler: async (input: I, context): Promise<Outcome<O>> => {
      try {
        return { ok: true, value: await work(await app(), input, df.getClient(context)) }
      } catch (thrown) {
        const error = asLogpipeError(thrown, name, 'the functions host')
        const { log } = await app().catch(() => ({ log: () => undefined }))
        const { runId } = input as { runId?: string }
        log('error', 'activity.failed', { runId, activity: name, code: error.code, cause: error.message, stack: error.stack })
        return failure(error)
      }
    },
  })
}

/** An activity that does a stage: it ends when its run is cancelled or its time is over. */
export function stageActivity<O, I extends StageInput = StageInput>(name: string, work: (app: App, input: I, signal: AbortSignal) => Promise<O>): void {
  activity<I, O>(name, (app, input) => supervised(app, input, (signal) => work(app, input, signal)))
}
