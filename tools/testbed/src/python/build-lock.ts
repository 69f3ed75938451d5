import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PythonError } from './python-error.ts'

/** An install takes half a minute; on a slow line the 310 MB of PySpark take longer. */
const LIMIT_MS = 30 * 60_000

/** Runs `work` while no other process of this machine does for the same folder. A lock whose process has died is taken over. */
export async function withBuildLock<T>(lock: string, work: () => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  await mkdir(dirname(lock), { recursive: true })
  const deadline = performance.now() + limitMs
  while (!(await take(lock))) {
    if (performance.now() > deadline) throw new PythonError('BUILD_STUCK', `${lock} is held since ${Math.round(limitMs / 60_000)} minutes`)
    await delay(500)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** Making a folder succeeds for one of many. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (await isDead(lock)) await rm(lock, { recursive: true, force: true })
    return false
  }
  await writeFile(join(lock, 'pid'), String(process.pid))
  return true
}

async function isDead(lock: string): Promise<boolean> {
  const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
