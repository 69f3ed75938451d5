import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Where a running embedded target is reached; written when it is up, readable by its owner only. */
export const Address = z.object({
  pid: z.int(),
  storage: z.string(),
  hostUrl: z.string(),
  hostKey: z.string(),
  /** Where the dashboard is, with the key that signs in; '' where none is served. */
  dashboard: z.string().default(''),
})
export type Address = z.infer<typeof Address>

/** The folder that keeps the embedded target: storage, host state, logs. LOGPIPE_HOME, else .logpipe in the checkout. */
export const defaultHome = (): string => resolve(process.env['LOGPIPE_HOME'] ?? fileURLToPath(new URL('../../../../.logpipe', import.meta.url)))

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const lockPath = (home: string): string => join(home, 'lock')
const addressPath = (home: string): string => join(home, 'target.json')

/** The live process that holds `home`, or null. */
function holder(home: string): number | null {
  try {
    const pid = Number(readFileSync(lockPath(home), 'utf8'))
    return Number.isInteger(pid) && pid > 0 && alive(pid) ? pid : null
  } catch {
    return null
  }
}

/** Takes the folder for this process. Returns the pid that holds it when another does. */
export async function lockHome(home: string): Promise<{ release: () => void } | { heldBy: number }> {
  await mkdir(home, { recursive: true })
  for (;;) {
    try {
      const file = openSync(lockPath(home), 'wx', 0o600)
      writeSync(file, String(process.pid))
      closeSync(file)
      return {
        release: () => {
          rmSync(addressPath(home), { force: true })
          rmSync(lockPath(home), { force: true })
        },
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = holder(home)
      if (pid !== null) return { heldBy: pid }
      rmSync(lockPath(home), { force: true }) // left by a killed process
    }
  }
}

export async function writeAddress(home: string, address: Address): Promise<void> {
  const draft = `${addressPath(home)}.new`
  await writeFile(draft, JSON.stringify(address), { mode: 0o600 })
  await rename(draft, addressPath(home))
}

/** The target that is up in `home`, or null. */
export async function readAddress(home: string): Promise<Address | null> {
  if (holder(home) === null) return null
  try {
    return Address.parse(JSON.parse(await readFile(addressPath(home), 'utf8')))
  } catch {
    return null
  }
}

/** A folder of this one run's own, for when the usual one is taken. */
export async function privateHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'logpipe-'))
  return { home, remove: () => rm(home, { recursive: true, force: true }) }
}
