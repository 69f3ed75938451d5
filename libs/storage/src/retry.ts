import { DelegateBackoff, handleWhen, retry, type IRetryBackoffContext } from 'cockatiel'
import { isShortFault, retryAfterMs } from './faults.ts'

/** Tries of one storage call, the first included. With the waits below a dead endpoint is given up after about 3 s. */
export const TRIES = 5
const FIRST_WAIT_MS = 100

const wait = ({ attempt, result }: IRetryBackoffContext<unknown>): number => {
  const asked = 'error' in result ? retryAfterMs(result.error) : null
  const doubled = FIRST_WAIT_MS * 2 ** (attempt - 1)
  return asked ?? doubled * (0.75 + Math.random() / 2)
}

/** The one place that retries short faults. The durable retry above it owns the stage. */
export function withRetry<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const policy = retry(
    handleWhen((error) => isShortFault(error, signal?.aborted ?? false)),
    { maxAttempts: TRIES - 1, backoff: new DelegateBackoff(wait) },
  )
  return policy.execute(call, signal)
}
