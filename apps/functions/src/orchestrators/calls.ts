import type { ErrorDocument } from '@logpipe/core'
import type { OrchestrationContext, Task } from 'durable-functions'
import type { Outcome } from './messages.ts'

export type Step<T> = Generator<Task, T, unknown>

/** What is thrown by a call is the runtime's (time-out, crash of the worker): its own failures come back as values. */
export function* outcomeOf<T>(name: string, start: () => Task): Step<Outcome<T>> {
  try {
    return (yield start()) as Outcome<T>
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    const error: ErrorDocument = {
      code: 'STAGE_FAILED',
      message: 'A stage failed',
      cause: `${name}: ${detail}`,
      fix: 'See the log of the functions host',
      docs: 'docs/errors.md#stage_failed',
    }
    return { ok: false, error, kind: 'bug', retryAfterMs: null }
  }
}

export const call = <T>(context: OrchestrationContext, activity: string, input: unknown): Step<Outcome<T>> =>
  outcomeOf(activity, () => context.df.callActivity(activity, input))
