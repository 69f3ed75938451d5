import { type BlobGetPropertiesResponse, BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { HostError, messageOf } from '../errors.ts'
import { ownSegment } from './blob-path.ts'
import { bareETag } from './blob-receipts.ts'

/** What the blob trigger needs of a storage account. */
export interface BlobAccount {
  /** Every blob below the prefix that is outside `_runs/`; none where the container is missing. */
  list(container: string, prefix: string): Promise<{ name: string; etag: string }[]>
  /** Undefined where the blob is gone. */
  properties(container: string, name: string): Promise<{ uri: string; properties: BlobGetPropertiesResponse } | undefined>
}

/** The account of a trigger's `connection` setting. Throws HOST_SETTING_INVALID. */
export function openAccount(functionName: string, connection: string): BlobAccount {
  const invalid = (detail: string, cause?: unknown): HostError => new HostError('HOST_SETTING_INVALID', { setting: connection, detail: `${detail} (connection of ${functionName})` }, { cause })
  const text = process.env[connection] ?? process.env[`AzureWebJobs${connection}`]
  if (!text) throw invalid('it is not set, and the local host takes connection strings only')
  let client: BlobServiceClient
  try {
    // One try and a short patience: the next poll comes in any case.
    client = BlobServiceClient.fromConnectionString(text, { retryOptions: { maxTries: 1, tryTimeoutInMs: 30_000 } })
  } catch (error) {
    throw invalid(`it is no connection string: ${messageOf(error)}`, error)
  }
  return {
    async list(container, prefix) {
      try {
        return await listBlobs(client.getContainerClient(container), prefix)
      } catch (error) {
        if (isMissing(error)) return []
        throw error
      }
    },
    async properties(container, name) {
      const blob = client.getContainerClient(container).getBlobClient(name)
      try {
        return { uri: blob.url, properties: await blob.getProperties() }
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'statusCode' in error && error.statusCode === 404

/** By hierarchy at the top, so that the many blobs below `_runs/` are never listed. */
async function listBlobs(container: ContainerClient, prefix: string): Promise<{ name: string; etag: string }[]> {
  const found: { name: string; etag: string }[] = []
  const add = (item: { name: string; properties: { etag: string } }): unknown => found.push({ name: item.name, etag: bareETag(item.properties.etag) })
  if (prefix !== '') {
    for await (const item of container.listBlobsFlat({ prefix })) add(item)
    return found
  }
  for await (const item of container.listBlobsByHierarchy('/')) {
    if (item.kind === 'blob') add(item)
    else if (item.name !== ownSegment) for await (const inner of container.listBlobsFlat({ prefix: item.name })) add(inner)
  }
  return found
}
