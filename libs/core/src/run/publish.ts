import type { BlobRef, ObjectStore } from '../ports.ts'
import { LogpipeError } from '../errors/error.ts'
import { Manifest, Pointer } from './documents.ts'
import { readDocument, toJsonBytes, updateDocument } from './json-blob.ts'
import { places } from './places.ts'

/**
 * A layer's last write. Where the activity was delivered twice, the first manifest stands: both deliveries wrote the same bytes, which is
 * checked part by part (PART_CONFLICT otherwise).
 */
export async function writeManifest(store: ObjectStore, ref: BlobRef, manifest: Manifest): Promise<Manifest> {
  if ((await store.create(ref, toJsonBytes(manifest))).outcome === 'created') return manifest
  const existing = await readDocument(store, ref, Manifest)
  if (!existing) throw new LogpipeError('OUTPUT_MISSING', { name: ref.name })
  const before = new Map(existing.value.parts.map((part) => [part.name, part.sha256]))
  for (const part of manifest.parts) {
    const found = before.get(part.name)
    if (found !== part.sha256) throw new LogpipeError('PART_CONFLICT', { name: part.name, found: found ?? 'none', expected: part.sha256 })
  }
  return existing.value
}

/** Metadata of a pointer blob: its publishedMs, so that the newest is found by a listing. */
export const PUBLISHED = 'published_ms'

/** The commit point. Returns what the pointer says at the end: `moved` is false when a newer version of the source is published already. */
export async function commitPointer(store: ObjectStore, next: Pointer): Promise<{ moved: boolean; pointer: Pointer }> {
  const pointer = await updateDocument(
    store,
    places.latest(next.slug),
    Pointer,
    (current) => (current && (current.runId === next.runId || current.sourceModifiedMs > next.sourceModifiedMs) ? null : next),
    ({ publishedMs }) => ({ [PUBLISHED]: String(publishedMs) }),
  )
  if (!pointer) throw new LogpipeError('OUTPUT_MISSING', { name: places.latest(next.slug).name })
  return { moved: pointer.runId === next.runId, pointer }
}
