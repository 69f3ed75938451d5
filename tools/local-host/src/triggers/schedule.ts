import { Cron } from 'croner'
import { HostError, messageOf } from '../errors.ts'
import { setting } from '../settings/host-json.ts'

export interface Schedule {
  text: string
  /** The first occurrence after `after`; times in ms since 1970. */
  next(after: number): number
  /** The real host keeps no status of schedules that come round more often than once a minute. */
  monitored: boolean
}

const minute = 60_000

/**
 * A 6-field NCRONTAB expression (seconds first), or `%SETTING%` that holds one, in WEBSITE_TIME_ZONE or UTC. Day of month and day of week
 * must both match, as in NCRONTAB. Throws HOST_SETTING_INVALID.
 */
export function parseSchedule(functionName: string, expression: string): Schedule {
  const text = setting(expression)
  const invalid = (detail: string, cause?: unknown): HostError => new HostError('HOST_SETTING_INVALID', { setting: `schedule of ${functionName}`, detail }, { cause })
  let cron: Cron
  try {
    cron = new Cron(text, { mode: '6-part', domAndDow: true, timezone: process.env['WEBSITE_TIME_ZONE'] ?? 'UTC', paused: true })
  } catch (error) {
    throw invalid(`"${text}" is no 6-field NCRONTAB expression (${messageOf(error)})`, error)
  }
  const next = (after: number): number => {
    const found = cron.nextRun(new Date(after))
    if (!found) throw invalid(`"${text}" never comes`)
    return found.getTime()
  }
  const first = next(Date.now())
  return { text, next, monitored: next(first) - first >= minute }
}
