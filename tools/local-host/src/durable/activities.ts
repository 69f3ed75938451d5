import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { HostError, messageOf } from '../errors.ts'
import { type Failure, type HistoryEvent, taskCompleted, taskFailed } from './history.ts'
import type { QueuedActivity } from './instance.ts'

/** Calls an activity and gives the event that answers its task; never rejects. */
export async function runActivity(invoke: Invoke, functions: ReadonlyMap<string, AppFunction>, activity: QueuedActivity): Promise<HistoryEvent> {
  try {
    const fn = functions.get(activity.name)
    if (fn?.kind !== 'activity') throw new HostError('HOST_FUNCTION_UNKNOWN', { kind: 'activity', name: activity.name })
    const { result } = await invoke(fn, { trigger: { json: activity.input } })
    return taskCompleted(Date.now(), activity.task, JSON.stringify(result) ?? 'null')
  } catch (error) {
    return taskFailed(Date.now(), activity.task, failureOf(activity.name, error))
  }
}

/** The answer for an activity that took its host down each time: it is not run again, so that the host lives. */
export function giveUp({ task, name, deliveries }: QueuedActivity): HistoryEvent {
  return taskFailed(Date.now(), task, failureOf(name, new HostError('HOST_ACTIVITY_POISON', { name, deliveries: deliveries - 1 })))
}

function failureOf(name: string, error: unknown): Failure {
  const message = messageOf(error)
  const details = readDetails(message)
  return {
    Reason: `Activity function '${name}' failed: ${details ? details.ErrorMessage : message}`,
    Details: error instanceof Error ? (error.stack ?? '') : '',
    ...(details && { FailureDetails: details }),
  }
}

/** An app with df.app.setExceptionPropertiesProvider throws its failure details as JSON text in the message. */
function readDetails(message: string): { ErrorType: string; ErrorMessage: string; [field: string]: unknown } | undefined {
  if (!message.startsWith('{"errorType":')) return undefined
  const { errorType, errorMessage, isNonRetriable, properties, stackTrace } = JSON.parse(message) as Record<string, unknown>
  return { ErrorType: String(errorType), ErrorMessage: String(errorMessage), IsNonRetriable: isNonRetriable, Properties: properties, StackTrace: stackTrace }
}
