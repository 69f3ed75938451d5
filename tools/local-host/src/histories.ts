import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { injectCoreApi, type Registry } from './app/core-api.ts'
import { usableFunctions } from './app/functions.ts'
import { createInvoke } from './app/invoke.ts'
import { loadApp } from './app/load-app.ts'
import { EventType, type HistoryEvent } from './durable/history.ts'
import { find } from './durable/lifecycle.ts'
import type { Outbox } from './durable/plan.ts'
import { retrace, type Retraced, turnsOf } from './durable/retrace.ts'
import { Store } from './durable/store.ts'
import { endOf } from './durable/turn.ts'

/** What an instance went through, as the cloud's extension and this host hand it to an orchestrator. */
export interface RecordedHistory {
  instanceId: string
  name: string
  input: unknown
  events: HistoryEvent[]
}

/** A turn in which today's code decides otherwise than was recorded; each decision as one line. */
export interface Mismatch {
  /** From 1. */
  prefix: number
  recorded: string[]
  now: string[]
}

export interface HistoryCheck {
  /** Prefixes that were replayed: one a turn. */
  prefixes: number
  mismatches: Mismatch[]
}

/** The history of an instance out of a host's state folder; the host may run meanwhile. Throws HOST_INSTANCE_UNKNOWN. */
export function readHistory(stateDir: string, instanceId: string): RecordedHistory {
  const db = new DatabaseSync(join(stateDir, 'state.db'), { readOnly: true })
  try {
    const store = new Store(db)
    const { name, input } = find(store, instanceId)
    return { instanceId, name, input: JSON.parse(input) as unknown, events: store.history(instanceId).map((text) => JSON.parse(text) as HistoryEvent) }
  } finally {
    db.close()
  }
}

/**
 * Loads an app (once a process) and gives a check that replays a recorded history at every prefix by its orchestrators, with the real
 * durable-functions: each turn must ask for the very calls and timers that were recorded, inputs included, and end the same way.
 * `as` has another orchestrator of the app replay the history.
 */
export async function createHistoryCheck(appDir: string): Promise<(history: RecordedHistory, as?: string) => Promise<HistoryCheck>> {
  const registry: Registry = injectCoreApi(() => undefined)
  await loadApp(appDir, registry)
  const invoke = createInvoke(registry, () => undefined, () => '{}', Infinity)
  return async (history, as = history.name) => {
    const instance = { id: history.instanceId, name: as, input: JSON.stringify(history.input), parent_id: null }
    const turns = turnsOf(history.events.map((event) => JSON.stringify(event)))
    const mismatches: Mismatch[] = []
    let prefixes = 0
    for await (const step of retrace({ invoke, functions: usableFunctions(registry) }, instance, turns)) {
      prefixes += 1
      const recorded = recordedSteps(step.turn.made)
      const now = decidedSteps(step, history.name)
      if (JSON.stringify(now) !== JSON.stringify(recorded)) mismatches.push({ prefix: prefixes, recorded, now })
    }
    return { prefixes, mismatches }
  }
}

const lineOf = {
  activity: (id: number, name: string, input: string) => `activity ${id} ${name} ${input}`,
  child: (id: number, name: string, input: string) => `orchestration ${id} ${name} ${input}`,
  timer: (id: number, fireAt: number) => `timer ${id} ${new Date(fireAt).toISOString()}`,
  end: (status: string, output: string) => `${status} ${output}`,
}

function recordedSteps(made: readonly HistoryEvent[]): string[] {
  return made.flatMap((event) => {
    const [name, input] = [String(event['Name']), String(event['Input'])]
    switch (event.EventType) {
      case EventType.TaskScheduled:
        return [lineOf.activity(event.EventId, name, input)]
      case EventType.SubOrchestrationInstanceCreated:
        return [lineOf.child(event.EventId, name, input)]
      case EventType.TimerCreated:
        return [lineOf.timer(event.EventId, Date.parse(String(event['FireAt'])))]
      case EventType.ExecutionCompleted:
        return [lineOf.end(String(event['OrchestrationStatus']), String(event['Result']))]
      default:
        return []
    }
  })
}

function decidedSteps({ outbox, outcome }: Retraced, name: string): string[] {
  const steps = openedBy(outbox)
  if (outcome.kind === 'running') return steps
  const { status, output } = endOf(name, outcome)
  return [...steps, lineOf.end(status, output)]
}

const openedBy = ({ calls, timers }: Outbox): string[] => [
  ...calls.map(({ id, call }) => lineOf[call.kind](id, call.name, call.input)),
  ...timers.map(({ id, fireAt }) => lineOf.timer(id, fireAt)),
]
