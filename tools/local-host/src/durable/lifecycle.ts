import { randomUUID } from 'node:crypto'
import type { AppFunction } from '../app/functions.ts'
import { HostError } from '../errors.ts'
import * as events from './history.ts'
import { isActive, type Instance } from './instance.ts'
import { emptyPlan } from './plan.ts'
import type { Store } from './store.ts'

export interface Start {
  name: string
  /** JSON text. */
  input: string
  id?: string
  version?: string
  parent?: { id: string; execution: string; task: number }
}

/**
 * Starts an instance; an id that has ended is used again and replaced. Gives the id. Call inside a transaction. Throws
 * HOST_FUNCTION_UNKNOWN, HOST_REQUEST_INVALID (the id), HOST_INSTANCE_EXISTS (pending, running or suspended).
 */
export function startInstance(store: Store, functions: ReadonlyMap<string, AppFunction>, start: Start, now: number): string {
  if (functions.get(start.name)?.kind !== 'orchestrator') throw new HostError('HOST_FUNCTION_UNKNOWN', { kind: 'orchestrator', name: start.name })
  const id = start.id ?? randomUUID().replaceAll('-', '')
  // The rule of the cloud's storage: the id becomes part of table keys there.
  if (id === '' || id.length > 100 || id.startsWith('@') || /[/\\#?\p{Cc}]/u.test(id)) {
    throw new HostError('HOST_REQUEST_INVALID', { detail: `${JSON.stringify(id)} is no instance id (1 to 100 characters, none of / \\ # ?, no @ first).` })
  }
  const before = store.instance(id)
  if (before && isActive(before.status)) throw new HostError('HOST_INSTANCE_EXISTS', { id, status: before.status })
  const execution = randomUUID()
  store.putInstance({
    id,
    execution,
    name: start.name,
    status: 'Pending',
    input: start.input,
    output: 'null',
    custom_status: 'null',
    created: now,
    updated: now,
    parent_id: start.parent?.id ?? null,
    parent_execution: start.parent?.execution ?? null,
    parent_task: start.parent?.task ?? null,
    plan: JSON.stringify(emptyPlan()),
  })
  store.send(id, execution, events.executionStarted(now, start.name, start.input, start.version), true)
  return id
}

/** The instance, or HOST_INSTANCE_UNKNOWN; with `active`, HOST_INSTANCE_ENDED where it has ended. */
export function find(store: Store, id: string, want?: 'active'): Instance {
  const instance = store.instance(id)
  if (!instance) throw new HostError('HOST_INSTANCE_UNKNOWN', { id })
  if (want === 'active' && !isActive(instance.status)) throw new HostError('HOST_INSTANCE_ENDED', { id, status: instance.status })
  return instance
}

/** Ends an instance at once; activities that have not begun are dropped, the results of running ones go nowhere. A parent sees a failure. */
export function terminateInstance(store: Store, id: string, reason: string, now: number): void {
  const instance = find(store, id, 'active')
  store.updateInstance(id, {
    status: 'Terminated',
    output: JSON.stringify(reason),
    customStatus: instance.custom_status,
    plan: instance.plan,
    updated: now,
  })
  store.clearMessages(id)
  store.clearWaiting(id)
  const { parent_id: parent, parent_execution: execution, parent_task: task } = instance
  if (parent !== null && task !== null) store.send(parent, execution, events.childFailed(now, task, { Reason: `Terminated: ${reason}`, Details: '' }))
}
