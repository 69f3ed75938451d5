import { HostError } from '../errors.ts'

/** Retry options as durable-functions sends them; times in ms. */
export interface RetryOptions {
  firstRetryIntervalInMilliseconds: number
  maxNumberOfAttempts: number
  backoffCoefficient?: number
  maxRetryIntervalInMilliseconds?: number
}

/** Work that gets a task id and answers later; `input` is JSON text. */
export type Call =
  | { kind: 'activity'; name: string; input: string }
  | { kind: 'child'; name: string; input: string; instanceId?: string; version?: string }

/** One thing an orchestrator asked for. */
export type Action =
  | { kind: 'call'; call: Call; retry?: RetryOptions }
  | { kind: 'timer'; fireAt: number; cancelled: boolean }
  | { kind: 'event'; name: string }
  | { kind: 'continue'; input: string }

const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  WhenAny: 11,
  WhenAll: 12,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const

const nameOf = (type: number): string => Object.entries(ActionType).find(([, value]) => value === type)?.[0] ?? `action type ${type}`

/** An action object of durable-functions 3.5 (schema V3). */
interface SdkAction {
  actionType: number
  functionName?: string
  input?: unknown
  instanceId?: string
  version?: string
  retryOptions?: RetryOptions & { retryTimeoutInMilliseconds?: number }
  fireAt?: Date
  isCanceled?: boolean
  externalEventName?: string
  compoundActions?: SdkAction[]
}

const json = (value: unknown): string => JSON.stringify(value) ?? 'null'

/**
 * The actions of all turns so far in the order in which the SDK gave them task ids. An action is taken once even when a task is yielded in
 * a second Task.any or Task.all, for the SDK gives it no second id; the objects' identity tells. Throws HOST_ACTION_UNSUPPORTED by name.
 */
export function readActions(actions: unknown): Action[] {
  const seen = new Set<SdkAction>()
  const collect = (list: readonly SdkAction[]): void => {
    for (const action of list) {
      if (action.compoundActions) collect(action.compoundActions)
      else seen.add(action)
    }
  }
  collect((actions as SdkAction[][]).flat())
  return [...seen].map(readAction)
}

function readAction(action: SdkAction): Action {
  const name = action.functionName ?? ''
  const retry = readRetry(action)
  switch (action.actionType) {
    case ActionType.CallActivity:
    case ActionType.CallActivityWithRetry:
      return { kind: 'call', call: { kind: 'activity', name, input: asJson(action.input) }, ...retry }
    case ActionType.CallSubOrchestrator:
    case ActionType.CallSubOrchestratorWithRetry:
      return {
        kind: 'call',
        call: {
          kind: 'child',
          name,
          input: json(action.input),
          ...(action.instanceId && { instanceId: action.instanceId }),
          ...(action.version && { version: action.version }),
        },
        ...retry,
      }
    case ActionType.ContinueAsNew:
      return { kind: 'continue', input: asJson(action.input) }
    case ActionType.CreateTimer:
      return { kind: 'timer', fireAt: (action.fireAt ?? new Date(NaN)).getTime(), cancelled: action.isCanceled === true }
    case ActionType.WaitForExternalEvent:
      return { kind: 'event', name: action.externalEventName ?? '' }
    default:
      throw new HostError('HOST_ACTION_UNSUPPORTED', { what: nameOf(action.actionType) })
  }
}

/** The SDK has already encoded strings (and only strings) as JSON where it takes an input for an activity or for continueAsNew. */
const asJson = (input: unknown): string => (typeof input === 'string' ? input : json(input))

function readRetry(action: SdkAction): { retry?: RetryOptions } {
  const options = action.retryOptions
  if (!options) return {}
  // The SDK counts attempts only, the cloud's extension stops at the timeout too: their task ids part and the run hangs.
  if (options.retryTimeoutInMilliseconds !== undefined) throw new HostError('HOST_ACTION_UNSUPPORTED', { what: 'retryTimeoutInMilliseconds' })
  return { retry: { ...options } }
}

/** How a step is named when replayed code is held against what was recorded. */
export function stepOf(action: Action): string {
  switch (action.kind) {
    case 'call':
      return `${action.call.kind} ${action.call.name}`
    case 'timer':
      return 'timer'
    case 'event':
      return `event ${action.name}`
    case 'continue':
      return 'continueAsNew'
  }
}
