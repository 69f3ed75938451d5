import type { z } from 'zod'
import type { BlobRef, ObjectStore } from '../ports.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const toJsonBytes = (value: unknown): Uint8Array => encoder.encode(`${JSON.stringify(value, null, 2)}\n`)

/** A document by its schema, with the ETag it was read at; null when there is none. */
export async function readDocument<T>(store: ObjectStore, ref: BlobRef, schema: z.ZodType<T>): Promise<{ etag: string; value: T } | null> {
  const blob = await store.readSmall(ref)
  return blob && { etag: blob.etag, value: schema.parse(JSON.parse(decoder.decode(blob.body))) }
}

/**
 * Read, change, write by If-Match, again on conflict. `change` must be pure: it may be called more than once; null from it means
 * "nothing to write". Returns the document as it stands at the end.
 */
export async function updateDocument<T>(
  store: ObjectStore,
  ref: BlobRef,
  schema: z.ZodType<T>,
  change: (current: T | null) => T | null,
  metadata: (value: T) => Record<string, string> = () => ({}),
): Promise<T | null> {
  for (;;) {
    const current = await readDocument(store, ref, schema)
    const next = change(current?.value ?? null)
    if (next === null) return current?.value ?? null
    const body = toJsonBytes(next)
    if (current) {
      if ((await store.replace(ref, body, current.etag, metadata(next))).outcome === 'replaced') return next
    } else if ((await store.create(ref, body, metadata(next))).outcome === 'created') return next
  }
}
