import { randomUUID } from 'node:crypto'
import { HostError } from '../errors.ts'
import * as events from './history.ts'
import { type Instance, isActive } from './instance.ts'
import { find, startInstance } from './lifecycle.ts'
import { emptyPlan, type Plan } from './plan.ts'
import { answered, type Open, retrace, type Turn, turnsOf } from './retrace.ts'
import { endOf, tellParent, type TurnParts } from './turn.ts'

const { EventType } = events

/** Where an instance goes on from: the turns that stay, what they wait for, and the messages that are to be read again. */
interface Position {
  kept: readonly Turn[]
  plan: Plan
  open: Open
  again: readonly events.HistoryEvent[]
}

/**
 * Takes back the turn in which an instance failed. Where a task had failed, that task is done again (of one with retries its last attempt);
 * where the code itself failed, it gets the same message again, which helps once the code is mended. Failed sub-orchestrations are rewound along.
 * Gives what is to be done in one transaction. Throws HOST_INSTANCE_UNKNOWN, HOST_INSTANCE_NOT_FAILED, HOST_REWIND_IMPOSSIBLE.
 */
export async function prepareRewind(parts: TurnParts, id: string): Promise<(now: number) => void> {
  const { store, functions } = parts
  const instance = find(store, id)
  if (instance.status !== 'Failed') throw new HostError('HOST_INSTANCE_NOT_FAILED', { id, status: instance.status })
  const { kept, plan, open, again } = await positionBefore(parts, instance)
  const created = kept.flatMap((turn) => turn.made).filter((event) => event.EventType === EventType.SubOrchestrationInstanceCreated)
  const childIds = new Map(created.map((event) => [event.EventId, String(event['InstanceId'])]))
  const failedChildren = [...open.calls.keys()].map((task) => childIds.get(task) ?? '').filter((child) => store.instance(child)?.status === 'Failed')
  const revivals = await Promise.all(failedChildren.map((child) => prepareRewind(parts, child)))

  return (now) => {
    const current = find(store, id)
    if (current.status !== 'Failed' || current.execution !== instance.execution) throw new HostError('HOST_INSTANCE_NOT_FAILED', { id, status: current.status })
    const execution = randomUUID()
    store.clearWaiting(id)
    store.clearHistory(id)
    store.appendHistory(id, 0, kept.flatMap((turn) => [...turn.given, ...turn.made]))
    store.reviveInstance(id, execution, plan, now)
    for (const event of again) store.send(id, execution, { ...event, IsPlayed: false }, event.EventType === EventType.ExecutionStarted)
    for (const [task, fireAt] of open.timers) store.addTimer(id, execution, task, fireAt)
    for (const revive of revivals) revive(now)
    for (const [task, call] of open.calls) {
      if (call.kind === 'activity') {
        store.addActivity(id, execution, task, call.name, call.input)
        continue
      }
      const childId = childIds.get(task) ?? ''
      const child = store.instance(childId)
      if (child?.parent_id !== id) startInstance(store, functions, { ...call, id: childId, parent: { id, execution, task } }, now)
      else if (!isActive(child.status)) tellParent(store, child, endOfChild(child), now)
    }
  }
}

const endOfChild = (child: Instance): ReturnType<typeof endOf> =>
  endOf(child.name, child.status === 'Completed' ? { kind: 'completed', output: child.output } : { kind: 'failed', reason: child.status })

async function positionBefore(parts: TurnParts, instance: Instance): Promise<Position> {
  const turns = turnsOf(parts.store.history(instance.id))
  const last = turns.length - 1
  const message = turns[last]?.given[1]
  if (!message) throw new HostError('HOST_REWIND_IMPOSSIBLE', { id: instance.id, detail: 'it has no history' })
  const before = await follow(parts, instance, turns.slice(0, last))
  if (isFailure(message)) {
    // The task is open again: it waits to be done.
    return { ...before, again: [] }
  }
  const retry = before.plan.retries[String(message['TimerId'])]
  if (!retry || retry.attempt <= retry.options.maxNumberOfAttempts) {
    forget(before.open, [message])
    return { ...before, again: [message] }
  }
  // A task with retries fails when the timer behind its last attempt fires: that attempt's own failure is some turns back.
  const cut = turns.findIndex(({ made }) => made.some((event) => event.EventType === EventType.TimerCreated && event.EventId === message['TimerId']))
  const position = await follow(parts, instance, turns.slice(0, cut))
  const between = turns.slice(cut + 1, last).map((turn) => turn.given[1])
  const again = between.filter((event) => event.EventType === EventType.EventRaised || isOpen(position.open, answered(event)))
  forget(position.open, again)
  return { ...position, again }
}

async function follow(parts: TurnParts, instance: Instance, kept: readonly Turn[]): Promise<Omit<Position, 'again'>> {
  let reached: { plan: Plan; open: Open } = { plan: emptyPlan(), open: { calls: new Map(), timers: new Map() } }
  for await (const step of retrace(parts, instance, kept)) {
    if (step.outcome.kind === 'failed') throw new HostError('HOST_REWIND_IMPOSSIBLE', { id: instance.id, detail: step.outcome.reason })
    reached = step
  }
  return { kept, plan: reached.plan, open: reached.open }
}

const isFailure = ({ EventType: type }: events.HistoryEvent): boolean => type === EventType.TaskFailed || type === EventType.SubOrchestrationInstanceFailed
const isOpen = ({ calls, timers }: Open, id: number | undefined): boolean => id !== undefined && (calls.has(id) || timers.has(id))

function forget({ calls, timers }: Open, messages: readonly events.HistoryEvent[]): void {
  for (const message of messages) {
    const id = answered(message)
    if (id === undefined) continue
    calls.delete(id)
    timers.delete(id)
  }
}
