/** Durable Task history events in the form in which the extension hands them to durable-functions. */

export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
} as const

export type EventName = keyof typeof EventType

export interface HistoryEvent {
  EventType: number
  EventId: number
  IsPlayed: boolean
  /** ISO 8601, UTC. */
  Timestamp: string
  [field: string]: unknown
}

const event = (name: EventName, at: number, fields: Record<string, unknown> = {}): HistoryEvent => ({
  EventType: EventType[name],
  EventId: -1,
  IsPlayed: false,
  Timestamp: new Date(at).toISOString(),
  ...fields,
})

/** A failure as the SDK reads it: FailureDetails where the app gives them, else Reason and Details as text. */
export interface Failure {
  Reason: string
  Details: string
  FailureDetails?: unknown
}

/** `input` and `result` are JSON texts. */
export const executionStarted = (at: number, name: string, input: string, version: string | undefined): HistoryEvent =>
  event('ExecutionStarted', at, { Name: name, Input: input, ...(version !== undefined && { Version: version }) })
export const executionCompleted = (at: number, status: string, result: string): HistoryEvent =>
  event('ExecutionCompleted', at, { OrchestrationStatus: status, Result: result })
export const orchestratorStarted = (at: number): HistoryEvent => event('OrchestratorStarted', at)
export const orchestratorCompleted = (at: number): HistoryEvent => event('OrchestratorCompleted', at)
export const taskScheduled = (at: number, id: number, name: string, input: string): HistoryEvent =>
  event('TaskScheduled', at, { EventId: id, Name: name, Input: input })
export const taskCompleted = (at: number, id: number, result: string): HistoryEvent => event('TaskCompleted', at, { TaskScheduledId: id, Result: result })
export const taskFailed = (at: number, id: number, failure: Failure): HistoryEvent => event('TaskFailed', at, { TaskScheduledId: id, ...failure })
export const childCreated = (at: number, id: number, name: string, instanceId: string, input: string): HistoryEvent =>
  event('SubOrchestrationInstanceCreated', at, { EventId: id, Name: name, InstanceId: instanceId, Input: input })
export const childCompleted = (at: number, id: number, result: string): HistoryEvent =>
  event('SubOrchestrationInstanceCompleted', at, { TaskScheduledId: id, Result: result })
export const childFailed = (at: number, id: number, failure: Failure): HistoryEvent =>
  event('SubOrchestrationInstanceFailed', at, { TaskScheduledId: id, ...failure })
export const timerCreated = (at: number, id: number, fireAt: number): HistoryEvent =>
  event('TimerCreated', at, { EventId: id, FireAt: new Date(fireAt).toISOString() })
export const timerFired = (at: number, id: number, fireAt: number): HistoryEvent =>
  event('TimerFired', at, { TimerId: id, FireAt: new Date(fireAt).toISOString() })
export const eventRaised = (at: number, name: string, input: string): HistoryEvent => event('EventRaised', at, { Name: name, Input: input })
