import { addMs, type ErrorDocument, type ManifestRef, nextAttempt, STAGES, type StageRecord } from '@logpipe/core'
import * as df from 'durable-functions'
import type { OrchestrationContext, Task } from 'durable-functions'
import { call, outcomeOf, type Step } from './calls.ts'
import type { Begun, FinishInput, Outcome, StageDone, StageInput } from './messages.ts'
import { ACTIVITIES, JOB_ORCHESTRATOR, ORCHESTRATOR } from './names.ts'

type Stage = (typeof STAGES)[number]

const NOTHING_BEGUN: Begun = { from: STAGES[0].name, until: STAGES[0].name, reused: [], maxAttempts: 1 }
const activityOf = (stage: Stage): string => (stage.kind === 'layer' ? ACTIVITIES.layer : ACTIVITIES[stage.name])

const pending = (): StageRecord[] =>
  STAGES.map(({ name }) => ({ name, status: 'pending', startedAt: null, endedAt: null, attempts: 0, counts: {}, warnings: [], error: null }))

/** The activity of a stage; where it began a job, the job's end too. */
function* attemptStage(context: OrchestrationContext, view: StageRecord, activity: string, input: StageInput, show: () => void): Step<Outcome<StageDone>> {
  const done = yield* call<StageDone>(context, activity, input)
  const job = done.ok ? done.value.begun : undefined
  if (!job) return done
  view.job = { url: job.url, nodeType: job.nodeType, seconds: null, cost: null }
  show()
  return yield* outcomeOf(JOB_ORCHESTRATOR, () => context.df.callSubOrchestrator(JOB_ORCHESTRATOR, { job: { ...input, job }, looked: 0 }))
}

/** One stage with its attempts; each attempt has its own number, so that a late write of an old one never mixes with a new one. */
function* runStage(context: OrchestrationContext, view: StageRecord, stage: Stage, input: Omit<StageInput, 'attempt' | 'stage'>, maxAttempts: number, show: () => void): Step<Outcome<StageDone>> {
  view.status = 'running'
  view.startedAt = context.df.currentUtcDateTime.toISOString()
  for (let attempt = 1; ; attempt += 1) {
    view.attempts = attempt
    show()
    const outcome = yield* attemptStage(context, view, activityOf(stage), { ...input, stage: stage.name, attempt }, show)
    view.endedAt = context.df.currentUtcDateTime.toISOString()
    if (outcome.ok) {
      view.status = 'succeeded'
      view.error = null
      view.counts = outcome.value.counts
      view.warnings = [...outcome.value.warnings]
      if (outcome.value.job) view.job = outcome.value.job
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
