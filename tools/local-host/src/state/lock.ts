import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HostError } from '../errors.ts'
import { isCorrupt } from './database.ts'

/**
 * Holds the state folder for this process. The lock is the operating system's own lock on an SQLite file, so that it ends with the
 * process however that dies: there is no stale lock to take over and no reused process id to fear. Throws HOST_STATE_LOCKED.
 */
export function lockState(stateDir: string): { release(): void } {
  const file = join(stateDir, 'host.lock')
  const pidFile = join(stateDir, 'host.pid')
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (isCorrupt(error)) {
      // Nobody can hold a lock on it, and nothing is in it.
      rmSync(file)
      return lockState(stateDir)
    }
    throw new HostError('HOST_STATE_LOCKED', { stateDir, pid: readPid(pidFile) }, { cause: error })
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  return { release: () => db.close() }
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
