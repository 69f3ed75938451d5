import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { HostError, messageOf } from '../errors.ts'
import type { HistoryEvent } from './history.ts'
import type { Instance } from './instance.ts'
import { replay, type Replay } from './orchestrate.ts'
import { emptyOutbox, followActions, followRetries, type Outbox, type Plan } from './plan.ts'

export interface DecideParts {
  invoke: Invoke
  functions: ReadonlyMap<string, AppFunction>
}

/** What a turn begins with: when it was, the message it reads, and all that was recorded before (JSON texts). */
export interface TurnStart {
  at: number
  /** OrchestratorStarted, then the message. */
  given: readonly [HistoryEvent, HistoryEvent]
  history: readonly string[]
}

/** What the orchestrator decides in one turn; `plan` moves on with it. A fault of the app ends the instance as failed; nothing is thrown. */
export async function decide(
  { invoke, functions }: DecideParts,
  instance: Pick<Instance, 'id' | 'name' | 'input' | 'parent_id'>,
  plan: Plan,
  { at, given, history }: TurnStart,
): Promise<Replay & { outbox: Outbox }> {
  const outbox = emptyOutbox()
  try {
    const fn = mustExist(functions, 'orchestrator', instance.name)
    followRetries(plan, given[1], at, outbox)
    const answer = await replay(invoke, fn, instance, history, given)
    if (answer.outcome.kind !== 'failed') followActions(plan, answer.actions, outbox)
    for (const { call } of outbox.calls) mustExist(functions, call.kind === 'activity' ? 'activity' : 'orchestrator', call.name)
    return { ...answer, outbox }
  } catch (error) {
    return { actions: [], customStatus: undefined, outcome: { kind: 'failed', reason: messageOf(error) }, outbox: emptyOutbox() }
  }
}

function mustExist(functions: ReadonlyMap<string, AppFunction>, kind: 'activity' | 'orchestrator', name: string): AppFunction {
  const fn = functions.get(name)
  if (fn?.kind !== kind) throw new HostError('HOST_FUNCTION_UNKNOWN', { kind, name })
  return fn
}
