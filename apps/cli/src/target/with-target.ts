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
}

export type Need = 'storage' | 'host'

const open = async ({ storage }: Address): Promise<BlobStore> => createBlobStore(await connectBlobService(storage))

/**
 * Runs `work` on the embedded target: the one that is up (npm run dev) where there is one, else one of its own that is stopped at the end,
 * whatever happens. When another command holds the folder, a private one is taken so that two copies never collide.
 */
export async function withTarget<T>(need: Need, tell: (text: string) => void, work: (target: Target) => Promise<T>): Promise<T> {
  const home = defaultHome()
  const running = await readAddress(home)
  if (running) return work({ store: await open(running), address: running, home, broken: new Promise(() => undefined) })

  const cleanups: (() => Promise<void>)[] = []
  const clean = async (): Promise<void> => {
    for (let next = cleanups.pop(); next; next = cleanups.pop()) await next()
  }
  onInterrupt(clean)
  try {
    const started = await startEmbedded(home, { storageOnly: need === 'storage' }).catch(async (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'TARGET_LOCKED')) throw error
      const own = await privateHome()
      cleanups.push(own.remove)
      tell(`Another logpipe uses ${home}; this run has its own folder.`)
      return startEmbedded(own.home, { storageOnly: need === 'storage' })
    })
    cleanups.push(started.stop)
    return await work({ store: await open(started), address: started, home: started.home, broken: started.broken })
  } finally {
    await clean()
  }
}

