import type { BlobGetPropertiesResponse } from '@azure/storage-blob'
import type { InvocationInput } from '../app/invoke.ts'

/**
 * The input of a blob function: an EMPTY body, and the trigger metadata of the real host. In the cloud the worker loads the whole blob;
 * an app that is written for big blobs takes the name from the metadata and streams, so the host does not load it.
 */
export function blobInput(path: string, uri: string, holes: Record<string, string>, properties: BlobGetPropertiesResponse, functionName: string): InvocationInput {
  const json = (value: unknown): { json: string } => ({ json: JSON.stringify(value) })
  return {
    trigger: { bytes: Buffer.alloc(0) },
    triggerMetadata: {
      BlobTrigger: { string: path },
      Uri: json(uri),
      Properties: json(propertyBag(properties)),
      Metadata: json(properties.metadata ?? {}),
      // As text: the worker reads what looks like JSON, so that a blob named 2024 arrives as a number, here as in the cloud.
      ...Object.fromEntries(Object.entries(holes).map(([name, value]) => [name, { string: value }])),
      sys: json({ MethodName: functionName, UtcNow: new Date().toISOString() }),
    },
  }
}

/** Names as in .NET's BlobProperties (the worker lowers their first letter); ETag also as `etag`, for the extensions write it in both ways. */
const propertyBag = (properties: BlobGetPropertiesResponse): Record<string, unknown> => ({
  LastModified: properties.lastModified,
  CreatedOn: properties.createdOn,
  Metadata: properties.metadata ?? {},
  BlobType: properties.blobType,
  ContentLength: properties.contentLength,
  ContentType: properties.contentType,
  ContentEncoding: properties.contentEncoding,
  ContentHash: properties.contentMD5 && Buffer.from(properties.contentMD5).toString('base64'),
  ETag: properties.etag,
  Etag: properties.etag,
})
