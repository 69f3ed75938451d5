import { join } from 'node:path'
import { LogpipeError } from '@logpipe/core'
import { loadConfig } from '@logpipe/definition/config'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { onInterrupt } from '../interrupt.ts'
import { startHost } from './embedded.ts'
import { defaultHome, lockHome } from './home.ts'
import type { Need, Target } from './with-target.ts'

/** A command runs what it is asked to run. What else lies in bronze is for the function app, or for `logpipe backfill`. */
const NOT_HERE = { 'AzureWebJobs.sourceDropped.Disabled': 'true', 'AzureWebJobs.sourcesWithoutRun.Disabled': 'true' }

/**
 * The storage account of the configuration. The orchestrator runs in the function app of `functions.url`; without one in a host of this
 * process's own, whose history stays in the home folder. Throws TARGET_LOCKED, CONFIG_NOT_VALID, STORAGE_SETTING_WRONG.
 */
export async function withAzure<T>(need: Need, work: (target: Target) => Promise<T>): Promise<T> {
  const { storage, functions } = await loadConfig({ ...process.env, LOGPIPE_TARGET: 'azure' })
  const store = createBlobStore(await connectBlobService(storage.connection))
  const home = join(defaultHome(), 'azure', store.account)
  const broken = new Promise<never>(() => undefined)
  const address = { pid: process.pid, storage: storage.connection, hostUrl: functions.url.replace(/\/$/, ''), hostKey: functions.key, dashboard: '' }
  if (need === 'storage' || functions.url !== '') return work({ store, address, home, broken, follow: 'record', startsBy: 'http' })

  const lock = await lockHome(home)
  if ('heldBy' in lock) throw new LogpipeError('TARGET_LOCKED', { home, pid: lock.heldBy })
  const starting = startHost(home, 0, storage.connection, { ...NOT_HERE, LOGPIPE_TARGET: 'azure' })
  const stop = async (): Promise<void> => {
    await starting.then((host) => host.stop(), () => undefined)
    lock.release()
  }
  onInterrupt(stop)
  try {
    const host = await starting
    const own = { ...address, hostUrl: host.ready.url, hostKey: host.ready.functionKey }
    return await work({ store, address: own, home, broken: host.exited.then((how) => `functions host: ${how}`), follow: 'host', startsBy: 'http' })
  } finally {
    await stop()
  }
}
