import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import { giveUp, runActivity } from './activities.ts'
import { eventRaised, timerFired } from './history.ts'
import { isActive, type QueuedActivity } from './instance.ts'
import { find, type Start, startInstance, terminateInstance } from './lifecycle.ts'
import { prepareRewind } from './rewind.ts'
import { Store } from './store.ts'
import { runTurn } from './turn.ts'

export interface EngineParts {
  db: DatabaseSync
  invoke: Invoke
  functions: ReadonlyMap<string, AppFunction>
  maxConcurrentActivities: number
  /** An activity that was under way at the end of this many hosts is given up. */
  maxDeliveries: number
  /** How long ended instances are kept, in ms. */
  keepEndedMs: number
  log: Log
}

const longestTimer = 2 ** 31 - 1
const hour = 3_600_000
const purgeBatch = 200

/**
 * The durable engine. All progress is in the database: turns run one after another, activities side by side up to the limit, and after a
 * crash the next engine goes on from the last commit. An activity may be delivered again, everything else happens once.
 */
export class Engine {
  readonly store: Store
  readonly #parts: EngineParts
  readonly #running = new Set<Promise<void>>()
  #turning = false
  #turns = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #purge: NodeJS.Timeout | undefined
  #state: 'new' | 'running' | 'stopping' | 'closed' = 'new'

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.store = new Store(parts.db)
  }

  run(): void {
    const again = this.store.requeueActivities()
    if (again > 0) this.#parts.log({ level: 'warn', event: 'activities-redelivered', message: `${again} activities ran when the last host ended; they are delivered again`, count: again })
    this.#state = 'running'
    this.#wake()
    this.#purge = setInterval(() => this.#purgeOld(), hour).unref()
    this.#purgeOld()
  }

  /** Lets the current turn and, up to `drainMs`, the running activities end; those that did not are given back, uncounted. */
  async stop(drainMs: number): Promise<void> {
    this.#state = 'stopping'
    clearTimeout(this.#timer)
    clearInterval(this.#purge)
    await Promise.race([Promise.allSettled([this.#turns, ...this.#running]), delay(drainMs, undefined, { ref: false })])
    this.#state = 'closed'
    if (this.#running.size === 0) return
    this.store.giveBackActivities()
    this.#parts.log({ level: 'warn', event: 'activities-left', message: `${this.#running.size} activities did not end in time; the next host delivers them again` })
  }

  start(start: Start): string {
    const id = this.store.atomically(() => startInstance(this.store, this.#parts.functions, start, Date.now()))
    this.#wake()
    return id
  }

  /** `input` is JSON text, or empty. */
  raiseEvent(id: string, name: string, input: string): void {
    this.store.atomically(() => {
      find(this.store, id, 'active')
      this.store.send(id, null, eventRaised(Date.now(), name, input))
    })
    this.#wake()
  }

  terminate(id: string, reason: string): void {
    this.store.atomically(() => terminateInstance(this.store, id, reason, Date.now()))
    this.#parts.log({ level: 'info', event: 'instance-terminated', message: `Instance ${id} was terminated: ${reason}`, instanceId: id })
    this.#wake()
  }

  /** Lets a failed instance go on from before its failure. */
  async rewind(id: string, reason: string): Promise<void> {
    const revive = await prepareRewind({ ...this.#parts, store: this.store }, id)
    this.store.atomically(() => revive(Date.now()))
    this.#parts.log({ level: 'info', event: 'instance-rewound', message: `Instance ${id} was rewound: ${reason}`, instanceId: id })
    this.#wake()
  }

  /** Starts an orchestration again with its input, under its own id once it has ended, or under a new one. Gives the id. */
  restart(id: string, underNewId: boolean): string {
    const { name, input } = find(this.store, id)
    return this.start({ name, input, ...(!underNewId && { id }) })
  }

  suspend(id: string): void {
    this.store.atomically(() => {
      find(this.store, id, 'active')
      this.store.setStatus(id, 'Suspended', Date.now())
    })
  }

  resume(id: string): void {
    this.store.atomically(() => {
      const { status } = find(this.store, id, 'active')
      if (status === 'Suspended') this.store.setStatus(id, 'Running', Date.now())
    })
    this.#wake()
  }

  #wake(): void {
    if (this.#state !== 'running') return
    this.#startActivities()
    this.#fireTimers()
    if (!this.#turning) this.#turns = this.#runTurns()
  }

  async #runTurns(): Promise<void> {
    this.#turning = true
    while (this.#state === 'running') {
      const message = this.store.nextMessage()
      if (!message) break
      const instance = this.store.instance(message.instance)
      if (!instance || !isActive(instance.status) || (message.execution !== null && message.execution !== instance.execution)) {
        this.store.dropMessage(message.seq)
        continue
      }
      try {
        const status = await runTurn({ ...this.#parts, store: this.store }, instance, message)
        if (status && !isActive(status)) this.#logEnd(instance.id, status)
        this.#startActivities()
        this.#fireTimers()
      } catch (error) {
        // Only the commit can fail here (a full disk): the message is still there and is tried again.
        this.#parts.log({ level: 'error', event: 'turn-failed', message: messageOf(error), instanceId: instance.id })
        await delay(1000, undefined, { ref: false })
      }
    }
    // In the same breath as the last look for a message, so that no wake falls between.
    this.#turning = false
  }

  #logEnd(instanceId: string, status: string): void {
    const failed = status === 'Failed'
    const output = failed ? `: ${this.store.instance(instanceId)?.output ?? ''}` : ''
    this.#parts.log({ level: failed ? 'warn' : 'info', event: `instance-${status.toLowerCase()}`, message: `Instance ${instanceId} ${status}${output}`, instanceId })
  }

  #startActivities(): void {
    const free = this.#parts.maxConcurrentActivities - this.#running.size
    if (this.#state !== 'running' || free <= 0) return
    for (const activity of this.store.takeActivities(free)) {
      const work = this.#runActivity(activity).finally(() => {
        this.#running.delete(work)
        this.#wake()
      })
      this.#running.add(work)
    }
  }

  async #runActivity(activity: QueuedActivity): Promise<void> {
    const { invoke, functions, log } = this.#parts
    const spent = activity.deliveries > this.#parts.maxDeliveries
    const answer = spent ? giveUp(activity) : await runActivity(invoke, functions, activity)
    // Closed: the activity outlived the drain; its row is still there and the next host delivers it again.
    if (this.#state === 'closed') return
    if ('Reason' in answer) log({ level: 'warn', event: 'activity-failed', message: String(answer['Reason']), function: activity.name, instanceId: activity.instance })
    try {
      this.store.atomically(() => {
        this.store.removeActivity(activity.seq)
        const instance = this.store.instance(activity.instance)
        if (instance?.execution === activity.execution && isActive(instance.status)) this.store.send(activity.instance, activity.execution, answer)
      })
    } catch (error) {
      log({ level: 'error', event: 'activity-result-lost', message: `${messageOf(error)}; the next host delivers it again`, function: activity.name })
    }
  }

  /** A batch a breath, so that nobody waits for it. */
  #purgeOld(): void {
    if (this.#state !== 'running') return
    const old = this.store.endedBefore(Date.now() - this.#parts.keepEndedMs, purgeBatch)
    if (old.length === 0) return
    this.store.atomically(() => old.forEach((id) => this.store.removeInstance(id)))
    this.#parts.log({ level: 'info', event: 'history-purged', message: `${old.length} instances that had ended long ago were removed`, count: old.length })
    setImmediate(() => this.#purgeOld())
  }

  #fireTimers(): void {
    if (this.#state !== 'running') return
    clearTimeout(this.#timer)
    for (;;) {
      const timer = this.store.nextTimer()
      if (!timer) return
      const wait = timer.fire_at - Date.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#wake(), Math.min(wait, longestTimer))
        return
      }
      this.store.atomically(() => {
        this.store.removeTimer(timer.instance, timer.task)
        this.store.send(timer.instance, timer.execution, timerFired(Date.now(), timer.task, timer.fire_at))
      })
    }
  }
}
