import type { BlockBlobClient } from '@azure/storage-blob'
import { type BlobRef, LogpipeError } from '@logpipe/core'
import { isShortFault, statusOf, toLogpipeError } from './faults.ts'
import { TRIES, withRetry } from './retry.ts'

/**
 * A blob as a stream, all bytes of one version. A connection that breaks in the middle is taken up again where it broke, under the same
 * ETag, so that no byte is lost, doubled or of another version.
 */
export async function* readPinned(
  blob: BlockBlobClient,
  ref: BlobRef,
  endpoint: string,
  { etag, signal }: { etag?: string; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  let pin = etag
  let at = 0
  let total = Number.POSITIVE_INFINITY
  let breaks = 0
  while (at < total) {
    try {
      const answer = await withRetry(
        () =>
          blob.download(at, undefined, {
            conditions: pin === undefined ? {} : { ifMatch: `"${pin}"` },
            ...(signal ? { abortSignal: signal } : {}),
          }),
        signal,
      )
      pin ??= (answer.etag ?? '').replaceAll('"', '')
      total = at + (answer.contentLength ?? 0)
      for await (const chunk of answer.readableStreamBody ?? []) {
        const bytes = chunk as unknown as Uint8Array
        at += bytes.byteLength
        breaks = 0
        yield bytes
      }
      if (at < total && ++breaks >= TRIES) throw new LogpipeError('STORAGE_FAILED', { operation: 'read', name: ref.name, detail: `the body ends at byte ${at} of ${total}` })
    } catch (error) {
      if (statusOf(error) === 416 && at === 0) return
      if (statusOf(error) === 412) throw new LogpipeError('SOURCE_CHANGED', { ...ref, etag: pin }, { cause: error })
      if (statusOf(error) === 404) throw new LogpipeError('BLOB_NOT_FOUND', { ...ref }, { cause: error })
      if (!isShortFault(error, signal?.aborted ?? false) || ++breaks >= TRIES) throw toLogpipeError(error, 'read', ref.name, endpoint)
    }
  }
}
