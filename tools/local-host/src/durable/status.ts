import { EventType, type HistoryEvent } from './history.ts'
import type { Instance } from './instance.ts'

export interface StatusOptions {
  showInput: boolean
  showHistory: boolean
  showHistoryOutput: boolean
}

/** The status document of the extension's HTTP API. */
export function statusOf(instance: Instance, history: () => readonly string[], options: StatusOptions): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.id,
    runtimeStatus: instance.status,
    input: options.showInput ? JSON.parse(instance.input) : null,
    customStatus: JSON.parse(instance.custom_status),
    output: JSON.parse(instance.output),
    createdTime: new Date(instance.created).toISOString(),
    lastUpdatedTime: new Date(instance.updated).toISOString(),
    historyEvents: options.showHistory ? history().map((text) => showEvent(text, options.showHistoryOutput)).filter((event) => event !== undefined) : null,
  }
}

const names = new Map<number, string>(Object.entries(EventType).map(([name, type]) => [type, name]))
/** As in the cloud, the marks of a turn are not shown. */
const hidden = new Set<string | undefined>(['OrchestratorStarted', 'OrchestratorCompleted'])

function showEvent(text: string, withOutput: boolean): Record<string, unknown> | undefined {
  const { EventType: type, EventId: _id, IsPlayed: _played, Name, Input, Result, ...rest } = JSON.parse(text) as HistoryEvent
  const name = names.get(type)
  if (hidden.has(name)) return undefined
  return {
    EventType: name,
    ...rest,
    ...(Name !== undefined && (name === 'EventRaised' ? { Name } : { FunctionName: Name })),
    ...(withOutput && Input !== undefined && { Input: parsed(Input) }),
    ...(withOutput && Result !== undefined && { Result: parsed(Result) }),
  }
}

const parsed = (json: unknown): unknown => (json === '' ? null : JSON.parse(String(json)))
