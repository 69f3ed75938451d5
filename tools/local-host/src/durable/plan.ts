import { HostError } from '../errors.ts'
import { type Action, type Call, type RetryOptions, stepOf } from './actions.ts'
import { EventType, type HistoryEvent } from './history.ts'

/** A call with retries that is not finished: its attempt is under way, or the back-off timer runs. */
interface Retry {
  call: Call
  options: RetryOptions
  /** Number of the attempt that is under way, or that follows the timer. */
  attempt: number
  backingOff: boolean
}

/** What the host must remember of an instance besides its history; stored as JSON. */
export interface Plan {
  nextId: number
  /** One entry an action, in order: its name and its task id (null: events have none). */
  steps: { step: string; id: number | null }[]
  /** By the task id that is awaited. */
  retries: Record<string, Retry>
}

/** What a turn sets going. */
export interface Outbox {
  calls: { id: number; call: Call }[]
  timers: { id: number; fireAt: number }[]
  cancelledTimers: number[]
}

export const emptyPlan = (): Plan => ({ nextId: 0, steps: [], retries: {} })
export const emptyOutbox = (): Outbox => ({ calls: [], timers: [], cancelledTimers: [] })

/**
 * Retries as the SDK counts them: the failure of an attempt takes one id for the back-off timer (also after the last attempt), and the
 * firing of that timer one for the next attempt. It does so while it processes the event, before the orchestrator goes on: call this
 * first, with ONE event a turn. After the last attempt nothing waits for the timer, so it is due at once.
 */
export function followRetries(plan: Plan, event: HistoryEvent, now: number, outbox: Outbox): void {
  const key = String(event.EventType === EventType.TimerFired ? event['TimerId'] : event['TaskScheduledId'])
  const retry = plan.retries[key]
  if (!retry) return
  const { [key]: _, ...others } = plan.retries
  plan.retries = others
  if (event.EventType === EventType.TimerFired) {
    if (retry.attempt > retry.options.maxNumberOfAttempts) return
    const id = plan.nextId++
    plan.retries[id] = { ...retry, backingOff: false }
    outbox.calls.push({ id, call: retry.call })
  } else if (event.EventType === EventType.TaskFailed || event.EventType === EventType.SubOrchestrationInstanceFailed) {
    const id = plan.nextId++
    const last = retry.attempt >= retry.options.maxNumberOfAttempts
    outbox.timers.push({ id, fireAt: last ? now : now + backOff(retry) })
    plan.retries[id] = { ...retry, attempt: retry.attempt + 1, backingOff: true }
  }
}

function backOff({ options, attempt }: Retry): number {
  const delay = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (attempt - 1)
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? Infinity)
}

/** Gives ids to the actions that are new, in order, and fills the outbox. Throws HOST_NONDETERMINISTIC where an old one has changed. */
export function followActions(plan: Plan, actions: readonly Action[], outbox: Outbox): void {
  for (const [index, known] of plan.steps.entries()) {
    const action = actions[index]
    const now = action ? stepOf(action) : 'nothing'
    if (now !== known.step) throw new HostError('HOST_NONDETERMINISTIC', { step: index + 1, before: known.step, now })
    if (action?.kind === 'timer' && action.cancelled && known.id !== null) outbox.cancelledTimers.push(known.id)
  }
  for (const action of actions.slice(plan.steps.length)) {
    if (action.kind === 'continue') continue
    const id = action.kind === 'event' ? null : plan.nextId++
    plan.steps.push({ step: stepOf(action), id })
    if (id === null) continue
    if (action.kind === 'timer' && !action.cancelled) outbox.timers.push({ id, fireAt: action.fireAt })
    if (action.kind === 'call') {
      outbox.calls.push({ id, call: action.call })
      if (action.retry) plan.retries[id] = { call: action.call, options: action.retry, attempt: 1, backingOff: false }
    }
  }
}
