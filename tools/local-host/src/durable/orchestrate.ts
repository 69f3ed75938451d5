import type { Invoke } from '../app/invoke.ts'
import type { AppFunction } from '../app/functions.ts'
import { messageOf } from '../errors.ts'
import { type Action, readActions } from './actions.ts'
import type { HistoryEvent } from './history.ts'
import type { Instance } from './instance.ts'

/** What one replay of an orchestrator says. `customStatus` undefined: never set. */
export interface Replay {
  actions: Action[]
  customStatus: unknown
  outcome: { kind: 'running' } | { kind: 'completed'; output: string } | { kind: 'failed'; reason: string }
}

/** State schema V3 of durable-functions: one action list, ids counted by the SDK. */
const upperSchemaVersion = 2
/** So long that the SDK never cuts a timer into pieces. */
const maximumShortTimerDuration = '10000.00:00:00'
const failureMark = '\n\n$OutOfProcData$:'

interface SdkState {
  isDone?: boolean
  actions?: unknown
  output?: unknown
  customStatus?: unknown
  error?: string
}

/** Replays an orchestrator over its history; `history` are JSON texts, `turn` the events that are new. */
export async function replay(invoke: Invoke, fn: AppFunction, instance: Pick<Instance, 'id' | 'input' | 'parent_id'>, history: readonly string[], turn: readonly HistoryEvent[]): Promise<Replay> {
  const events = [...history, ...turn.map((event) => JSON.stringify(event))]
  const rest = JSON.stringify({
    instanceId: instance.id,
    isReplaying: history.length > 0,
    parentInstanceId: instance.parent_id ?? undefined,
    upperSchemaVersion,
    maximumShortTimerDuration,
    longRunningTimerIntervalDuration: '3.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  })
  const trigger = `{"history":[${events.join()}],"input":${instance.input},${rest.slice(1)}`
  let state: SdkState
  try {
    // The result itself, not its wire form: the identity of the action objects tells a task that is yielded twice.
    state = (await invoke(fn, { trigger: { json: trigger } })).result as SdkState
  } catch (error) {
    return readFailure(error)
  }
  const actions = readActions(state.actions ?? [])
  const outcome = state.isDone ? { kind: 'completed' as const, output: JSON.stringify(state.output) ?? 'null' } : { kind: 'running' as const }
  return { actions, customStatus: state.customStatus, outcome }
}

function readFailure(error: unknown): Replay {
  const [text = '', data] = messageOf(error).split(failureMark)
  const state = data === undefined ? {} : (JSON.parse(data) as SdkState)
  return { actions: [], customStatus: state.customStatus, outcome: { kind: 'failed', reason: state.error ?? text } }
}
