import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAzurite } from '@logpipe/azurite'
import { afterAll, beforeAll } from 'vitest'
import { type BlobStore, connectBlobService, createBlobStore } from '../src/index.ts'

/** A real Azurite for one test file; its folder is gone afterwards. */
export function useAzurite(): { readonly store: BlobStore; readonly connection: string } {
  let store: BlobStore
  let connection: string
  let end: () => Promise<void>
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'logpipe-storage-'))
    const azurite = await startAzurite({ dir })
    connection = azurite.connection
    store = createBlobStore(await connectBlobService(connection))
    await store.ensureContainers()
    end = async () => {
      await azurite.stop()
      await rm(dir, { recursive: true })
    }
  })
  afterAll(() => end())
  return {
    get store() {
      return store
    },
    get connection() {
      return connection
    },
  }
}
