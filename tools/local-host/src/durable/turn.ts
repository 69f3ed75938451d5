import { randomUUID } from 'node:crypto'
import type { AppFunction } from '../app/functions.ts'
import { messageOf } from '../errors.ts'
import { decide, type DecideParts } from './decide.ts'
import * as events from './history.ts'
import { isActive, type Instance, type Message, type Status } from './instance.ts'
import { startInstance } from './lifecycle.ts'
import type { Replay } from './orchestrate.ts'
import { emptyPlan, type Outbox, type Plan } from './plan.ts'
import type { Store } from './store.ts'

export interface TurnParts extends DecideParts {
  store: Store
}

/**
 * One turn of an instance: one message is read, the orchestrator replayed, and its history, all it set going and the end of the message
 * are committed together. If the instance was terminated or replaced meanwhile, the turn leaves no trace. Gives the new status.
 */
export async function runTurn(parts: TurnParts, instance: Instance, message: Message): Promise<Status | undefined> {
  const { store, functions } = parts
  const now = Date.now()
  const history = store.history(instance.id)
  const given = [events.orchestratorStarted(now), JSON.parse(message.event) as events.HistoryEvent] as const
  const plan = JSON.parse(instance.plan) as Plan
  const said = await decide(parts, instance, plan, { at: now, given, history })

  return store.atomically(() => {
    const current = store.instance(instance.id)
    if (!current || current.execution !== instance.execution || !isActive(current.status)) return undefined
    store.dropMessage(message.seq)
    const customStatus = said.customStatus === undefined ? instance.custom_status : JSON.stringify(said.customStatus)
    const again = said.actions.find((action) => action.kind === 'continue')
    if (again && said.outcome.kind === 'completed') {
      continueAsNew(store, instance, again.input, customStatus, now)
      return 'Running'
    }
    const ended = said.outcome.kind === 'running' ? undefined : endOf(instance.name, said.outcome)
    const turn = [...given, ...post(store, functions, instance, said.outbox, now), events.orchestratorCompleted(now)]
    if (ended) turn.push(events.executionCompleted(now, ended.status, ended.output))
    store.appendHistory(instance.id, history.length, turn)
    const status = ended?.status ?? (current.status === 'Suspended' ? 'Suspended' : 'Running')
    const kept = JSON.stringify(ended ? emptyPlan() : plan)
    store.updateInstance(instance.id, { status, output: ended?.output ?? 'null', customStatus, plan: kept, updated: now })
    if (ended) {
      store.clearMessages(instance.id)
      store.clearTimers(instance.id)
      store.packHistory(instance.id)
      tellParent(store, instance, ended, now)
    }
    return status
  })
}

export interface End {
  status: 'Completed' | 'Failed'
  /** JSON text. */
  output: string
}

export const endOf = (name: string, outcome: Exclude<Replay['outcome'], { kind: 'running' }>): End =>
  outcome.kind === 'completed'
    ? { status: 'Completed', output: outcome.output }
    : { status: 'Failed', output: JSON.stringify(`Orchestrator function '${name}' failed: ${outcome.reason}`) }

/** Puts the outbox into the queues and gives the history events that say so. */
function post(store: Store, functions: ReadonlyMap<string, AppFunction>, instance: Instance, outbox: Outbox, now: number): events.HistoryEvent[] {
  const { id: instanceId, execution } = instance
  const made: events.HistoryEvent[] = []
  for (const { id, call } of outbox.calls) {
    if (call.kind === 'activity') {
      store.addActivity(instanceId, execution, id, call.name, call.input)
      made.push(events.taskScheduled(now, id, call.name, call.input))
    } else {
      const childId = call.instanceId ?? `${execution}:${id.toString(16).padStart(4, '0')}`
      made.push(events.childCreated(now, id, call.name, childId, call.input))
      try {
        startInstance(store, functions, { ...call, id: childId, parent: { id: instanceId, execution, task: id } }, now)
      } catch (error) {
        store.send(instanceId, execution, events.childFailed(now, id, { Reason: messageOf(error), Details: '' }))
      }
    }
  }
  for (const { id, fireAt } of outbox.timers) {
    store.addTimer(instanceId, execution, id, fireAt)
    made.push(events.timerCreated(now, id, fireAt))
  }
  for (const id of outbox.cancelledTimers) store.removeTimer(instanceId, id)
  return made
}

/** A new life under the same id: the history begins anew, events that were raised and not yet read are kept. */
function continueAsNew(store: Store, instance: Instance, input: string, customStatus: string, now: number): void {
  const execution = randomUUID()
  store.clearHistory(instance.id)
  store.clearWaiting(instance.id)
  store.renewInstance(instance.id, execution, input, customStatus, now)
  store.send(instance.id, execution, events.executionStarted(now, instance.name, input, undefined), true)
}

/** Answers the task of the parent that started this instance, if there is one. */
export function tellParent(store: Store, instance: Instance, ended: End, now: number): void {
  const { parent_id: parent, parent_execution: execution, parent_task: task } = instance
  if (parent === null || task === null) return
  const failure = { Reason: String(JSON.parse(ended.output)), Details: '' }
  const event = ended.status === 'Completed' ? events.childCompleted(now, task, ended.output) : events.childFailed(now, task, failure)
  store.send(parent, execution, event)
}
