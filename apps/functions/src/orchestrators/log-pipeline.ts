import { addMs, type ErrorDocument, type ManifestRef, nextAttempt, STAGES, type StageRecord } from '@logpipe/core'
import * as df from 'durable-functions'
import type { OrchestrationContext, Task } from 'durable-functions'
import type { Begun, FinishInput, Outcome, StageDone, StageInput } from './messages.ts'
import { ACTIVITIES, ORCHESTRATOR } from './names.ts'

type Stage = (typeof STAGES)[number]
type Step<T> = Generator<Task, T, unknown>

const NOTHING_BEGUN: Begun = { from: STAGES[0].name, until: STAGES[0].name, reused: [], maxAttempts: 1 }
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
    return { ok: false, error, kind: 'bug', retryAfterMs: null }
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
    const waitMs = nextAttempt(outcome.kind, attempt, maxAttempts, outcome.retryAfterMs)
    if (waitMs === null) {
      view.status = 'failed'
      return outcome
    }
    yield context.df.createTimer(addMs(context.df.currentUtcDateTime, waitMs))
  }
}

/** What an error that ends the run makes of it. */
const endedBy = ({ code }: ErrorDocument): FinishInput['status'] => (code === 'SOURCE_CHANGED' ? 'superseded' : code === 'RUN_CANCELLED' ? 'cancelled' : 'failed')

/** The story of a run: every stage in order, data first, then what serves it. Decides only; activities do. */
export function* logPipeline(context: OrchestrationContext): Generator<Task, { runId: string; status: string }, unknown> {
  const { runId } = context.df.getInput<{ runId: string }>()
  const stages = pending()
  let checks: FinishInput['checks'] = []
  let services: FinishInput['services'] = []
  let status: FinishInput['status'] = 'succeeded'
  let error: ErrorDocument | null = null
  let duplicateOf: string | null = null
  const show = (): void => context.df.setCustomStatus({ runId, status: error ? 'failing' : 'running', stages })

  const begun = yield* call<Begun>(context, ACTIVITIES.begin, { runId, startedAt: context.df.currentUtcDateTime.toISOString() })
  if (!begun.ok) {
    error = begun.error
    status = endedBy(error)
  }
  const { from, until, reused, maxAttempts } = begun.ok ? begun.value : NOTHING_BEGUN
  const manifests: ManifestRef[] = [...reused]
  let place: 'before' | 'within' | 'after' = 'before'

  for (const [index, stage] of STAGES.entries()) {
    const view = stages[index]
    if (!view) continue
    if (stage.name === from) place = 'within'
    if (error || place !== 'within') {
      view.status = !error && place === 'before' ? 'reused' : 'skipped'
      continue
    }
    if (stage.name === until) place = 'after'
    if (duplicateOf !== null && stage.kind === 'layer') {
      view.status = 'reused'
      continue
    }
    const outcome = yield* runStage(context, view, stage, { runId, manifests }, maxAttempts, show)
    if (outcome.ok) {
      const { manifest, original } = outcome.value
      if (manifest) manifests.push(manifest)
      if (original) {
        manifests.push(...original.manifests)
        duplicateOf = original.runId
      }
      checks = outcome.value.checks ?? checks
      services = outcome.value.services ?? services
    } else if (stage.kind === 'after') {
      status = 'degraded' // the data is published
    } else {
      error = outcome.error
      status = endedBy(error)
    }
  }

  if (duplicateOf !== null && status === 'succeeded') status = 'duplicate'
  const finish: FinishInput = { runId, status, stages, manifests, duplicateOf, checks, services, error, endedAt: context.df.currentUtcDateTime.toISOString() }
  const finished = yield* call<{ status: string }>(context, ACTIVITIES.finish, finish)
  context.df.setCustomStatus({ runId, status: finished.ok ? status : 'failed', stages })
  return { runId, status: finished.ok ? status : 'failed' }
}

df.app.orchestration(ORCHESTRATOR, logPipeline)
