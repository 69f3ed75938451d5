import { addMs, type ErrorDocument, STAGES, type StageRecord } from '@logpipe/core'
import * as df from 'durable-functions'
import type { OrchestrationContext, Task } from 'durable-functions'
import type { Begun, FinishInput, ManifestRef, Outcome, StageDone, StageInput } from './messages.ts'
import { ACTIVITIES, ORCHESTRATOR } from './names.ts'

type Stage = (typeof STAGES)[number]
type Step<T> = Generator<Task, T, unknown>

const RETRY_WAIT_MS = 2000
const activityOf = (stage: Stage): string => (stage.kind === 'layer' ? ACTIVITIES.layer : ACTIVITIES[stage.name])

const pending = (): StageRecord[] =>
  STAGES.map(({ name }) => ({ name, status: 'pending', startedAt: null, endedAt: null, attempts: 0, counts: {}, warnings: [], error: null }))

/** An activity's own failures come back as values; what is thrown here is the runtime's (time-out, crash of the worker). */
function* call<T>(context: OrchestrationContext, activity: string, input: unknown): Step<Outcome<T>> {
  try {
    return (yield context.df.callActivity(activity, input)) as Outcome<T>
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    const error: ErrorDocument = {
      code: 'STAGE_FAILED',
      message: 'A stage failed',
      cause: `${activity}: ${detail}`,
      fix: 'See the log of the functions host',
      docs: 'docs/errors.md#stage_failed',
    }
    return { ok: false, error, retryable: true }
  }
}

/** One stage with its attempts; each attempt has its own number, so that a late write of an old one never mixes with a new one. */
function* runStage(context: OrchestrationContext, view: StageRecord, stage: Stage, input: Omit<StageInput, 'attempt' | 'stage'>, maxAttempts: number, show: () => void): Step<Outcome<StageDone>> {
  view.status = 'running'
  view.startedAt = context.df.currentUtcDateTime.toISOString()
  for (let attempt = 1; ; attempt += 1) {
    view.attempts = attempt
    show()
    const outcome = yield* call<StageDone>(context, activityOf(stage), { ...input, stage: stage.name, attempt } satisfies StageInput)
    view.endedAt = context.df.currentUtcDateTime.toISOString()
    if (outcome.ok) {
      view.status = 'succeeded'
      view.error = null
      view.counts = outcome.value.counts
      view.warnings = [...outcome.value.warnings]
      return outcome
    }
    view.error = outcome.error
    if (!outcome.retryable || attempt >= maxAttempts) {
      view.status = 'failed'
      return outcome
    }
    yield context.df.createTimer(addMs(context.df.currentUtcDateTime, RETRY_WAIT_MS * 2 ** (attempt - 1)))
  }
}

/** The story of a run: every stage in order, data first, then what serves it. Decides only; activities do. */
export function* logPipeline(context: OrchestrationContext): Generator<Task, { runId: string; status: string }, unknown> {
  const { runId } = context.df.getInput<{ runId: string }>()
  const stages = pending()
  const manifests: ManifestRef[] = []
  let checks: FinishInput['checks'] = []
  let services: FinishInput['services'] = []
  let status: FinishInput['status'] = 'succeeded'
  let error: ErrorDocument | null = null
  const show = (): void => context.df.setCustomStatus({ runId, status: error ? 'failing' : 'running', stages })

  const begun = yield* call<Begun>(context, ACTIVITIES.begin, { runId, startedAt: context.df.currentUtcDateTime.toISOString() })
  if (!begun.ok) {
    status = 'failed'
    error = begun.error
  }

  for (const [index, stage] of STAGES.entries()) {
    const view = stages[index]
    if (!view) continue
    if (error) {
      view.status = 'skipped'
      continue
    }
    const outcome = yield* runStage(context, view, stage, { runId, manifests }, begun.ok ? begun.value.maxAttempts : 1, show)
    if (outcome.ok) {
      if (outcome.value.manifest) manifests.push(outcome.value.manifest)
      checks = outcome.value.checks ?? checks
      services = outcome.value.services ?? services
    } else if (stage.kind === 'after') {
      status = 'degraded' // the data is published
    } else {
      error = outcome.error
      status = outcome.error.code === 'SOURCE_CHANGED' ? 'superseded' : 'failed'
    }
  }

  const finish: FinishInput = { runId, status, stages, manifests, checks, services, error, endedAt: context.df.currentUtcDateTime.toISOString() }
  const finished = yield* call<{ status: string }>(context, ACTIVITIES.finish, finish)
  context.df.setCustomStatus({ runId, status: finished.ok ? status : 'failed', stages })
  return { runId, status: finished.ok ? status : 'failed' }
}

df.app.orchestration(ORCHESTRATOR, logPipeline)
