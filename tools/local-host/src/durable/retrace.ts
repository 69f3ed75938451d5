import type { Call } from './actions.ts'
import { decide, type DecideParts } from './decide.ts'
import { EventType, type HistoryEvent } from './history.ts'
import type { Instance } from './instance.ts'
import type { Replay } from './orchestrate.ts'
import { emptyPlan, type Outbox, type Plan } from './plan.ts'

/** One turn as it was recorded: what it was given, and what it made of that. */
export interface Turn {
  given: [started: HistoryEvent, message: HistoryEvent]
  made: HistoryEvent[]
}

/** What an instance waits for, by task id. */
export interface Open {
  calls: Map<number, Call>
  timers: Map<number, number>
}

export interface Retraced extends Replay {
  turn: Turn
  outbox: Outbox
  plan: Plan
  open: Open
}

/** Cuts a history (JSON texts) into its turns. */
export function turnsOf(history: readonly string[]): Turn[] {
  const turns: Turn[] = []
  let started: HistoryEvent | undefined
  for (const text of history) {
    const event = JSON.parse(text) as HistoryEvent
    if (event.EventType === EventType.OrchestratorStarted) started = event
    else if (started) {
      turns.push({ given: [started, event], made: [] })
      started = undefined
    } else turns.at(-1)?.made.push(event)
  }
  return turns
}

/** The task id that an event answers; undefined for starts and external events. */
export const answered = (event: HistoryEvent): number | undefined => {
  const id = event['TaskScheduledId'] ?? event['TimerId']
  return id === undefined ? undefined : Number(id)
}

/**
 * Has today's code decide each recorded turn again, every prefix of the history in order. `plan` and `open` are the same objects in each step.
 * What the code says is given as it is, a failure too: whoever asks compares.
 */
export async function* retrace(parts: DecideParts, instance: Pick<Instance, 'id' | 'name' | 'input' | 'parent_id'>, turns: readonly Turn[]): AsyncGenerator<Retraced> {
  const plan = emptyPlan()
  const open: Open = { calls: new Map(), timers: new Map() }
  const history: string[] = []
  for (const turn of turns) {
    const [started, message] = turn.given.map((event) => ({ ...event, IsPlayed: false })) as [HistoryEvent, HistoryEvent]
    const id = answered(message)
    if (id !== undefined) for (const waiting of [open.calls, open.timers]) waiting.delete(id)
    const said = await decide(parts, instance, plan, { at: Date.parse(started.Timestamp), given: [started, message], history })
    for (const call of said.outbox.calls) open.calls.set(call.id, call.call)
    for (const timer of said.outbox.timers) open.timers.set(timer.id, timer.fireAt)
    for (const cancelled of said.outbox.cancelledTimers) open.timers.delete(cancelled)
    yield { ...said, turn, plan, open }
    history.push(...[...turn.given, ...turn.made].map((event) => JSON.stringify({ ...event, IsPlayed: true })))
  }
}
