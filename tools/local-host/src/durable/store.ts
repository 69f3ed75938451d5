import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { transaction } from '../state/database.ts'
import type { HistoryEvent } from './history.ts'
import { packEvents, unpackEvents } from './pack.ts'
import { emptyPlan, type Plan } from './plan.ts'
import type { DueTimer, Instance, Message, QueuedActivity, Status } from './instance.ts'

export interface InstanceFilter {
  statuses?: string[] | undefined
  createdFrom?: number | undefined
  createdTo?: number | undefined
  idPrefix?: string | undefined
}

/** The durable engine's tables. Single statements only; what belongs together is put in `atomically`. */
export class Store {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  atomically<T>(work: () => T): T {
    return transaction(this.#db, work)
  }

  #all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[]
  }

  #get<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes)
  }

  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()

  #prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    const known = this.#statements.get(sql)
    if (known) return known
    const made = this.#db.prepare(sql)
    this.#statements.set(sql, made)
    return made
  }

  instance(id: string): Instance | undefined {
    return this.#get('SELECT * FROM instances WHERE id = ?', id)
  }

  instances(filter: InstanceFilter, limit: number, offset: number): Instance[] {
    const statuses = filter.statuses ?? []
    return this.#all(
      `SELECT * FROM instances WHERE created BETWEEN ? AND ? AND substr(id, 1, length(?)) = ?
       ${statuses.length > 0 ? `AND status IN (${statuses.map(() => '?').join()})` : ''} ORDER BY created, id LIMIT ? OFFSET ?`,
      filter.createdFrom ?? 0,
      filter.createdTo ?? Number.MAX_SAFE_INTEGER,
      filter.idPrefix ?? '',
      filter.idPrefix ?? '',
      ...statuses,
      limit,
      offset,
    )
  }

  /** Puts a new life of the id in place of whatever was there. */
  putInstance(row: Instance): void {
    this.removeInstance(row.id)
    this.#run(
      'INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      row.id,
      row.execution,
      row.name,
      row.status,
      row.input,
      row.output,
      row.custom_status,
      row.created,
      row.updated,
      row.parent_id,
      row.parent_execution,
      row.parent_task,
      row.plan,
    )
  }

  /** With all that belongs to it, activities that wait included. */
  removeInstance(id: string): void {
    this.#run('DELETE FROM instances WHERE id = ?', id)
    this.clearHistory(id)
    this.clearMessages(id)
    this.clearWaiting(id)
  }

  updateInstance(id: string, change: { status: Status; output: string; customStatus: string; plan: string; updated: number }): void {
    this.#run(
      'UPDATE instances SET status = ?, output = ?, custom_status = ?, plan = ?, updated = ? WHERE id = ?',
      change.status,
      change.output,
      change.customStatus,
      change.plan,
      change.updated,
      id,
    )
  }

  /** A new life under the same id, for continueAsNew. */
  renewInstance(id: string, execution: string, input: string, customStatus: string, updated: number): void {
    this.#run(
      'UPDATE instances SET execution = ?, input = ?, custom_status = ?, plan = ?, updated = ? WHERE id = ?',
      execution,
      input,
      customStatus,
      JSON.stringify(emptyPlan()),
      updated,
      id,
    )
  }

  /** An instance that had failed runs again, as a new life, so that late answers of the old one do not count. */
  reviveInstance(id: string, execution: string, plan: Plan, updated: number): void {
    this.#run("UPDATE instances SET execution = ?, status = 'Running', output = 'null', plan = ?, updated = ? WHERE id = ?", execution, JSON.stringify(plan), updated, id)
    this.#run('UPDATE instances SET parent_execution = ? WHERE parent_id = ?', execution, id)
  }

  setStatus(id: string, status: Status, updated: number): void {
    this.#run('UPDATE instances SET status = ?, updated = ? WHERE id = ?', status, updated, id)
  }

  /** Ids of instances that ended before `before`, oldest first. */
  endedBefore(before: number, limit: number): string[] {
    return this.#all<{ id: string }>(
      "SELECT id FROM instances WHERE updated < ? AND status IN ('Completed', 'Failed', 'Terminated') ORDER BY updated LIMIT ?",
      before,
      limit,
    ).map((row) => row.id)
  }

  history(id: string): string[] {
    const packed = this.#get<{ events: Uint8Array }>('SELECT events FROM packed_history WHERE instance = ?', id)
    if (packed) return unpackEvents(packed.events)
    return this.#all<{ event: string }>('SELECT event FROM history WHERE instance = ? ORDER BY seq', id).map((row) => row.event)
  }

  appendHistory(id: string, after: number, events: readonly HistoryEvent[]): void {
    for (const [index, event] of events.entries()) {
      this.#run('INSERT INTO history VALUES (?, ?, ?)', id, after + index, JSON.stringify({ ...event, IsPlayed: true }))
    }
  }

  clearHistory(id: string): void {
    this.#run('DELETE FROM history WHERE instance = ?', id)
    this.#run('DELETE FROM packed_history WHERE instance = ?', id)
  }

  /** Of an instance that has ended: what nobody adds to any more is kept small. */
  packHistory(id: string): void {
    const events = packEvents(this.history(id))
    this.clearHistory(id)
    this.#run('INSERT INTO packed_history VALUES (?, ?)', id, events)
  }

  /** `execution` null: for whatever life of the instance runs when it is read (external events). */
  send(instance: string, execution: string | null, event: HistoryEvent, starts = false): void {
    this.#run('INSERT INTO inbox (instance, execution, starts, event) VALUES (?, ?, ?, ?)', instance, execution, Number(starts), JSON.stringify(event))
  }

  /** The next message of the instance that waits longest; a start comes before events that were raised for it. */
  nextMessage(): Message | undefined {
    const first = this.#get<{ instance: string }>(
      // No join: SQLite would walk all the instances there ever were.
      `SELECT instance FROM inbox
       WHERE (SELECT status FROM instances WHERE id = inbox.instance) IN ('Pending', 'Running') ORDER BY seq LIMIT 1`,
    )
    return first && this.#get('SELECT * FROM inbox WHERE instance = ? ORDER BY starts DESC, seq LIMIT 1', first.instance)
  }

  dropMessage(seq: number): void {
    this.#run('DELETE FROM inbox WHERE seq = ?', seq)
  }

  clearMessages(instance: string): void {
    this.#run('DELETE FROM inbox WHERE instance = ?', instance)
  }

  clearTimers(instance: string): void {
    this.#run('DELETE FROM timers WHERE instance = ?', instance)
  }

  /** Timers, and activities that have not begun. */
  clearWaiting(instance: string): void {
    this.clearTimers(instance)
    this.#run('DELETE FROM activities WHERE instance = ? AND running = 0', instance)
  }

  addTimer(instance: string, execution: string, task: number, fireAt: number): void {
    this.#run('INSERT INTO timers (instance, execution, task, fire_at) VALUES (?, ?, ?, ?)', instance, execution, task, fireAt)
  }

  removeTimer(instance: string, task: number): void {
    this.#run('DELETE FROM timers WHERE instance = ? AND task = ?', instance, task)
  }

  nextTimer(): DueTimer | undefined {
    return this.#get('SELECT * FROM timers ORDER BY fire_at, seq LIMIT 1')
  }

  addActivity(instance: string, execution: string, task: number, name: string, input: string): void {
    this.#run('INSERT INTO activities (instance, execution, task, name, input) VALUES (?, ?, ?, ?, ?)', instance, execution, task, name, input)
  }

  /**
   * Marks up to `limit` waiting activities as running and gives them out. The mark need not outlive a power cut (the activity is delivered
   * again in any case), so it does not wait for the disk: a quarter of the engine's time.
   */
  takeActivities(limit: number): QueuedActivity[] {
    this.#db.exec('PRAGMA synchronous = NORMAL')
    try {
      return this.#all(
        `UPDATE activities SET running = 1, deliveries = deliveries + 1
         WHERE seq IN (SELECT seq FROM activities WHERE running = 0 ORDER BY seq LIMIT ?) RETURNING *`,
        limit,
      )
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL')
    }
  }

  removeActivity(seq: number): void {
    this.#run('DELETE FROM activities WHERE seq = ?', seq)
  }

  /** What still runs when the host stops was not delivered in full: it neither counts nor is it lost. */
  giveBackActivities(): void {
    this.#run('UPDATE activities SET running = 0, deliveries = deliveries - 1 WHERE running = 1')
  }

  /** After a restart: what ran when the last host died is to be delivered again, unless its instance was terminated or replaced. Gives their number. */
  requeueActivities(): number {
    this.#run(
      `DELETE FROM activities WHERE NOT EXISTS (
         SELECT 1 FROM instances WHERE id = activities.instance AND execution = activities.execution AND status <> 'Terminated')`,
    )
    return this.#run('UPDATE activities SET running = 0 WHERE running = 1')
  }
}
