import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HostError, messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import { schema, schemaVersion } from './schema.ts'

/** Opens state.db. A damaged file is set aside and reported, and a new one begun; one of a newer host is refused (HOST_STATE_NEWER). */
export function openDatabase(stateDir: string, log: Log): DatabaseSync {
  const file = join(stateDir, 'state.db')
  try {
    return open(file)
  } catch (error) {
    if (error instanceof HostError) throw error
    if (!isCorrupt(error)) throw error
    const aside = `${file}.damaged-${Date.now()}`
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    const fault = new HostError('HOST_STATE_CORRUPT', { file, detail: messageOf(error), aside })
    log({ level: 'error', event: 'state-set-aside', ...fault.toDocument(), message: fault.message })
    return open(file)
  }
}

function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  try {
    // FULL: a commit that was acknowledged is on the disk, also after the power fails.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
    const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (found > schemaVersion) throw new HostError('HOST_STATE_NEWER', { file, found, known: schemaVersion })
    const check = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (check !== 'ok') throw Object.assign(new Error(String(check)), { errcode: sqliteCorrupt })
    db.exec(`BEGIN; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const sqliteCorrupt = 11
const sqliteNotADatabase = 26

export const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && [sqliteCorrupt, sqliteNotADatabase].includes(Number(error.errcode) & 0xff)

/** Runs `work` in one transaction: all of it is kept, or nothing. `work` must not await. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
