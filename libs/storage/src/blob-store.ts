import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { BlobItem, BlobServiceClient, BlockBlobClient } from '@azure/storage-blob'
import { type BlobInfo, type BlobRef, CONTAINERS, type LocalFile, LogpipeError, normalizeEtag, type ObjectStore } from '@logpipe/core'
import { codeOf, statusOf, toLogpipeError } from './faults.ts'
import { readPinned } from './read-pinned.ts'
import { withRetry } from './retry.ts'

const BLOCK_BYTES = 8 * 1024 * 1024
const toInfo = (container: string, { name, properties, metadata }: BlobItem): BlobInfo => ({
  container,
  name,
  etag: normalizeEtag(properties.etag),
  bytes: properties.contentLength ?? 0,
  modifiedMs: properties.lastModified.getTime(),
  metadata: metadata ?? {},
})
/** An account with a hierarchical namespace lists its folders as empty blobs. */
const isFolder = ({ metadata }: BlobItem): boolean => metadata?.['hdi_isfolder'] === 'true'
const quoted = (etag: string): string => `"${etag}"`

export interface BlobStore extends ObjectStore {
  readonly account: string
  readonly endpoint: string
  /** Names of the pipeline's containers that are not there. Changes nothing. */
  missingContainers(): Promise<string[]>
}

/** The storage port on Azure Blob Storage, Data Lake and Azurite. */
export function createBlobStore(service: BlobServiceClient): BlobStore {
  const endpoint = new URL(service.url).origin
  const client = (ref: BlobRef): BlockBlobClient => service.getContainerClient(ref.container).getBlockBlobClient(ref.name)

  const call = async <T>(operation: string, name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await withRetry(work)
    } catch (error) {
      throw toLogpipeError(error, operation, name, endpoint)
    }
  }

  const upload = (ref: BlobRef, body: Uint8Array | LocalFile, conditions: object, metadata: Record<string, string>) =>
    call('write', ref.name, async () => {
      const options = { conditions, metadata }
      const blob = client(ref)
      if (body instanceof Uint8Array) return blob.upload(body, body.byteLength, options)
      // One Put Blob where it fits: a name that holds only uncommitted blocks refuses a later Put Blob. A stream would take two blocks of memory for it.
      if (body.bytes <= BLOCK_BYTES) return blob.upload(await readFile(body.path), body.bytes, options)
      return blob.uploadStream(createReadStream(body.path, { highWaterMark: BLOCK_BYTES }), BLOCK_BYTES, 2, options)
    })

  /** Page by page, each page with its own retries. */
  async function* pages<P extends { continuationToken?: string }>(start: (options: { maxPageSize: number; continuationToken?: string }) => AsyncIterator<P>) {
    let token: string | undefined
    do {
      const from = token
      const page = await call('list', endpoint, async () => {
        const answer = await start({ maxPageSize: 1000, ...(from ? { continuationToken: from } : {}) }).next()
        return answer.done ? undefined : answer.value
      })
      if (page) yield page
      token = page?.continuationToken
    } while (token)
  }

  return {
    account: service.accountName,
    endpoint,

    async ensureContainers() {
      const made = await Promise.all(CONTAINERS.map((name) => call('create container', name, () => service.getContainerClient(name).createIfNotExists())))
      return CONTAINERS.filter((_name, i) => made[i]?.succeeded)
    },

    async missingContainers() {
      const there = await Promise.all(CONTAINERS.map((name) => call('look for container', name, () => service.getContainerClient(name).exists())))
      return CONTAINERS.filter((_name, i) => !there[i])
    },

    stat: (ref) =>
      call('stat', ref.name, async (): Promise<BlobInfo | null> => {
        try {
          const found = await client(ref).getProperties()
          return {
            ...ref,
            etag: normalizeEtag(found.etag ?? ''),
            bytes: found.contentLength ?? 0,
            modifiedMs: found.lastModified?.getTime() ?? 0,
            metadata: found.metadata ?? {},
          }
        } catch (error) {
          if (statusOf(error) === 404) return null
          throw error
        }
      }),

    read: (ref, options = {}) => readPinned(client(ref), ref, endpoint, options),

    readSmall: (ref) =>
      call('read', ref.name, async () => {
        try {
          const answer = await client(ref).download()
          const body = answer.readableStreamBody ? await buffer(answer.readableStreamBody) : Buffer.alloc(0)
          return { etag: normalizeEtag(answer.etag ?? ''), body }
        } catch (error) {
          if (statusOf(error) === 404) return null
          throw error
        }
      }),

    async create(ref, body, metadata = {}) {
      try {
        const answer = await upload(ref, body, { ifNoneMatch: '*' }, metadata)
        return { outcome: 'created', etag: normalizeEtag(answer.etag ?? '') }
      } catch (error) {
        const cause = error instanceof LogpipeError ? error.cause : error
        if (statusOf(cause) === 409 || statusOf(cause) === 412) return { outcome: 'exists', etag: '' }
        throw error
      }
    },

    async replace(ref, body, etag, metadata = {}) {
      try {
        const answer = await upload(ref, body, { ifMatch: quoted(etag) }, metadata)
        return { outcome: 'replaced', etag: normalizeEtag(answer.etag ?? '') }
      } catch (error) {
        const cause = error instanceof LogpipeError ? error.cause : error
        if (statusOf(cause) === 412 || codeOf(cause) === 'BlobNotFound') return { outcome: 'conflict' }
        throw error
      }
    },

    async put(ref, body, metadata = {}) {
      const answer = await upload(ref, body, {}, metadata)
      return { etag: normalizeEtag(answer.etag ?? '') }
    },

    async remove(ref) {
      await call('remove', ref.name, () => client(ref).deleteIfExists())
    },

    async *list(container, prefix, { skip } = {}) {
      const from = service.getContainerClient(container)
      // Leaving a whole first segment out means walking the first level by its segments.
      const prefixes = skip === undefined || prefix !== '' ? [prefix] : []
      if (prefixes.length === 0) {
        for await (const page of pages((options) => from.listBlobsByHierarchy('/', { includeMetadata: true }).byPage(options))) {
          for (const item of page.segment.blobItems) if (!isFolder(item)) yield toInfo(container, item)
          prefixes.push(...(page.segment.blobPrefixes ?? []).map((found) => found.name).filter((name) => name !== skip))
        }
      }
      for (const below of prefixes) {
        for await (const page of pages((options) => from.listBlobsFlat({ prefix: below, includeMetadata: true }).byPage(options))) {
          for (const item of page.segment.blobItems) if (!isFolder(item)) yield toInfo(container, item)
        }
      }
    },
  }
}
