import type { ErrorEntry } from './catalogue.ts'

export type ErrorClass = ErrorEntry['class']

/**
 * How a stage that failed is tried again, by whose fault it was. `attempts` counts all tries of the stage; short faults have had their own
 * retries inside each of them. An environment that mends itself, or a bug that only some timing shows, gets one more chance; what a
 * person gave does not get better by itself.
 */
const POLICY: Readonly<Record<ErrorClass, { attempts: (configured: number) => number; waitMs: number }>> = {
  transient: { attempts: (configured) => configured, waitMs: 2000 },
  throttled: { attempts: (configured) => configured + 2, waitMs: 10_000 },
  environment: { attempts: (configured) => Math.min(configured, 2), waitMs: 5000 },
  bug: { attempts: (configured) => Math.min(configured, 2), waitMs: 2000 },
  user: { attempts: () => 1, waitMs: 0 },
}
const MOST_MS = 5 * 60_000

/** ms to wait before the next attempt; null: there is none. Each wait doubles; a server's own Retry-After is heeded where it is longer. */
export function nextAttempt(kind: ErrorClass, attempt: number, configured: number, retryAfterMs: number | null = null): number | null {
  const { attempts, waitMs } = POLICY[kind]
  if (attempt >= attempts(configured)) return null
  return Math.min(Math.max(waitMs * 2 ** (attempt - 1), retryAfterMs ?? 0), MOST_MS)
}
