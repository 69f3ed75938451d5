import { type Logger, scrub } from '@logpipe/core'
import pino from 'pino'

/** Strings of an entry, however deep, with secrets blotted out. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return scrub(value)
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, clean(below)]))
  return value
}

/**
 * One JSON line an entry on stderr, where the host, and Application Insights through it, picks it up. `event` is permanent and names what
 * happened; `runId` follows a run from its trigger to its output; `worker` is the process.
 */
export function createLog(worker: string, destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true })): Logger {
  const logger = pino(
    { base: { worker }, messageKey: 'event', level: process.env['LOGPIPE_LOG_LEVEL'] ?? 'info', timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination,
  )
  return (level, event, fields = {}) => logger[level](clean(fields), event)
}
