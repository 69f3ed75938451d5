import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import { parseSchedule, type Schedule } from './schedule.ts'

export interface TimerTrigger {
  /** Fires what is past due or wanted at startup, then keeps to the schedule. */
  run(): void
  /** Fires once, out of the schedule. */
  fire(): Promise<void>
  /** Fires no more and waits up to `drainMs` for a running call. */
  stop(drainMs: number): Promise<void>
}

interface Status {
  last: number | null
  next: number
  updated: number
}

/** A sleep is cut into pieces: setTimeout ends at 24.8 days, and a laptop's clock jumps when it wakes. */
const longestSleep = 60_000

/** One timer function. Its calls never overlap; its status is kept, so that an occurrence missed while the host was down fires as past due. */
export function createTimerTrigger(db: DatabaseSync, invoke: Invoke, log: Log, fn: AppFunction): TimerTrigger {
  const options = fn.trigger as unknown as { schedule: string; runOnStartup?: boolean; useMonitor?: boolean }
  const schedule = parseSchedule(fn.name, options.schedule)
  const monitored = schedule.monitored && options.useMonitor !== false
  const status = monitored ? keptStatus(db, fn.name, schedule) : { last: null, next: schedule.next(Date.now()), updated: Date.now() }
  let sleeping: NodeJS.Timeout | undefined
  let calls: Promise<void> = Promise.resolve()
  let stopped = false

  return {
    run() {
      if (status.next <= Date.now()) scheduled(true)
      else if (options.runOnStartup) void call(false).then(sleep)
      else sleep()
    },
    fire: () => call(false),
    async stop(drainMs) {
      stopped = true
      clearTimeout(sleeping)
      await Promise.race([calls, delay(drainMs, undefined, { ref: false })])
    },
  }

  function sleep(): void {
    if (stopped) return
    const wait = status.next - Date.now()
    sleeping = setTimeout(() => (status.next <= Date.now() ? scheduled(false) : sleep()), Math.min(Math.max(wait, 0), longestSleep))
  }

  /** The status moves on after the call: a host that dies during it calls again. */
  function scheduled(isPastDue: boolean): void {
    void call(isPastDue).then(() => {
      if (stopped) return
      status.last = status.next
      status.next = schedule.next(Math.max(Date.now(), status.next))
      status.updated = Date.now()
      if (monitored) keepStatus(db, fn.name, schedule.text, status)
      sleep()
    })
  }

  function call(isPastDue: boolean): Promise<void> {
    calls = calls.then(async () => {
      log({ level: 'info', event: 'timer-fired', message: `${fn.name} fires${isPastDue ? ' (past due)' : ''}`, function: fn.name, isPastDue })
      try {
        await invoke(fn, { trigger: { json: timerData(status, isPastDue) } })
      } catch (error) {
        log({ level: 'error', event: 'function-failed', message: messageOf(error), function: fn.name })
      }
    })
    return calls
  }
}

const iso = (at: number): string => new Date(at).toISOString()

const timerData = ({ last, next, updated }: Status, isPastDue: boolean): string =>
  JSON.stringify({
    Schedule: { AdjustForDST: true },
    // What .NET says for "never".
    ScheduleStatus: { Last: last === null ? '0001-01-01T00:00:00+00:00' : iso(last), Next: iso(next), LastUpdated: iso(updated) },
    IsPastDue: isPastDue,
  })

/** The stored status where the schedule is the same, else one that begins now. */
function keptStatus(db: DatabaseSync, name: string, schedule: Schedule): Status {
  const row = db.prepare('SELECT schedule, last, next, updated FROM timer_status WHERE function = ?').get(name) as (Status & { schedule: string }) | undefined
  if (row?.schedule === schedule.text) return { last: row.last, next: row.next, updated: row.updated }
  const status = { last: null, next: schedule.next(Date.now()), updated: Date.now() }
  keepStatus(db, name, schedule.text, status)
  return status
}

function keepStatus(db: DatabaseSync, name: string, schedule: string, { last, next, updated }: Status): void {
  db.prepare('INSERT OR REPLACE INTO timer_status (function, schedule, last, next, updated) VALUES (?, ?, ?, ?, ?)').run(name, schedule, last, next, updated)
}
