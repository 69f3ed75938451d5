import { connectBlobService, createBlobStore, type BlobStore } from '@logpipe/storage'
import { onInterrupt } from '../interrupt.ts'
import { startEmbedded } from './embedded.ts'
import { type Address, defaultHome, privateHome, readAddress } from './home.ts'

export interface Target {
  readonly store: BlobStore
  readonly address: Address
  readonly home: string
  /** Rejects when a part ends that should be up; never settles otherwise. */
  readonly broken: Promise<string>
  /** Where the state of a run is seen: the host here knows its own at once, a function app elsewhere is known by the run's record. */
  readonly follow: 'host' | 'record'
  /** What starts the run of a source that was put into bronze: the blob trigger by itself, or a request for it. */
  readonly startsBy: 'blob' | 'http'
}

export type Need = 'storage' | 'host'

const EMBEDDED = { follow: 'host', startsBy: 'blob' } as const

const open = async ({ storage }: Address): Promise<BlobStore> => createBlobStore(await connectBlobService(storage))

/**
 * Runs `work` on the target that LOGPIPE_TARGET names: azure, or the embedded one: the one that is up (npm run dev) where there is one, else one of its own that is stopped at the end,
 * whatever happens. When another command holds the folder, a private one is taken so that two copies never collide.
 */
export async function withTarget<T>(need: Need, tell: (text: string) => void, work: (target: Target) => Promise<T>, serve = false): Promise<T> {
  if (process.env['LOGPIPE_TARGET'] === 'azure') return (await import('./azure.ts')).withAzure(need, work)
  const home = defaultHome()
  const running = await readAddress(home)
  if (running) return work({ store: await open(running), address: running, home, broken: new Promise(() => undefined), ...EMBEDDED })

  const cleanups: (() => Promise<void>)[] = []
  const clean = async (): Promise<void> => {
    for (let next = cleanups.pop(); next; next = cleanups.pop()) await next()
  }
  onInterrupt(clean)
  try {
    const started = await startEmbedded(home, { storageOnly: need === 'storage', serve }).catch(async (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'TARGET_LOCKED')) throw error
      const own = await privateHome()
      cleanups.push(own.remove)
      tell(`Another logpipe uses ${home}; this run has its own folder.`)
      return startEmbedded(own.home, { storageOnly: need === 'storage', serve })
    })
    cleanups.push(started.stop)
    return await work({ store: await open(started), address: started, home: started.home, broken: started.broken, ...EMBEDDED })
  } finally {
    await clean()
  }
}

