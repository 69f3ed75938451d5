import { addMs } from '@logpipe/core'
import * as df from 'durable-functions'
import type { OrchestrationContext, Task } from 'durable-functions'
import { call } from './calls.ts'
import type { JobInput, JobLook, Outcome, StageDone } from './messages.ts'
import { ACTIVITIES, JOB_ORCHESTRATOR } from './names.ts'

/** ms between looks: short for what fails at once, long for what takes its time. */
const FIRST_MS = 500
const MOST_MS = 30_000
/** Looks of one life: then the history begins anew. */
const LOOKS = 50
/** A job that was asked to end does so within a minute or two. */
const ENDS = 20
const END_MS = 5000

interface Waiting {
  readonly job: JobInput
  /** Looks of the lives before. */
  readonly looked: number
}

/** Asks for the job's end until it has ended. */
function* end(context: OrchestrationContext, job: JobInput): Generator<Task, void, unknown> {
  for (let asked = 0; asked < ENDS; asked += 1) {
    const ended = yield* call<boolean>(context, ACTIVITIES.endJob, job)
    if (ended.ok && ended.value) return
    yield context.df.createTimer(addMs(context.df.currentUtcDateTime, END_MS))
  }
}

/**
 * Waits for a layer's job by durable timers. A look that fails for a while says nothing of the job: only its end does, or a cancel, or the end of
 * its time. Whatever ends the waiting otherwise ends the job too; what even that does not reach is the sweep's.
 */
export function* awaitJob(context: OrchestrationContext): Generator<Task, Outcome<StageDone> | undefined, unknown> {
  const { job, looked } = context.df.getInput<Waiting>()
  for (let look = looked; look < looked + LOOKS; look += 1) {
    yield context.df.createTimer(addMs(context.df.currentUtcDateTime, Math.min(FIRST_MS * 1.5 ** Math.min(look, 20), MOST_MS)))
    const seen = yield* call<JobLook>(context, ACTIVITIES.lookAtJob, job)
    if (seen.ok && seen.value !== null) return seen.value
    if (!seen.ok && seen.kind !== 'transient' && seen.kind !== 'throttled') {
      yield* end(context, job)
      return seen
    }
  }
  context.df.continueAsNew({ job, looked: looked + LOOKS } satisfies Waiting)
  return undefined
}

df.app.orchestration(JOB_ORCHESTRATOR, awaitJob)
