import { z } from 'zod'
import type { ObjectStore } from '../ports.ts'
import { ManifestPart } from './documents.ts'
import { sourceSlug } from './identity.ts'
import { readDocument, updateDocument } from './json-blob.ts'
import { places } from './places.ts'

/** The published run of one file of a stream, and what the file after it is given. */
const StreamFile = z.object({ slug: z.string(), runId: z.string(), sourceModifiedMs: z.number(), carry: ManifestPart })
export type StreamFile = z.infer<typeof StreamFile>

/** The newest files of a stream, newest first, each source once: where the newest is uploaded anew, the one before it still follows. */
const Stream = z.object({ schema: z.literal('logpipe/stream/1'), stream: z.string(), files: z.array(StreamFile) })

const KEPT = 3
const placeOf = async (stream: string) => places.stream(await sourceSlug(stream))
const newest = (a: StreamFile, b: StreamFile): number => b.sourceModifiedMs - a.sourceModifiedMs || (a.slug < b.slug ? -1 : 1)

/** Makes a published run known to the file that follows. By If-Match; an older version of a source never takes the place of a newer one. */
export async function commitStream(store: ObjectStore, stream: string, file: StreamFile): Promise<void> {
  await updateDocument(store, await placeOf(stream), Stream, (current): z.infer<typeof Stream> | null => {
    const files = current?.files ?? []
    const own = files.find(({ slug }) => slug === file.slug)
    if (own && (own.runId === file.runId || own.sourceModifiedMs > file.sourceModifiedMs)) return null
    return { schema: 'logpipe/stream/1', stream, files: [file, ...files.filter(({ slug }) => slug !== file.slug)].sort(newest).slice(0, KEPT) }
  })
}

/** The file that a run of `slug` follows: the newest other source of the stream that is not newer than itself. */
export async function precedingFile(store: ObjectStore, stream: string, slug: string, modifiedMs: number): Promise<StreamFile | null> {
  const found = await readDocument(store, await placeOf(stream), Stream)
  return found?.value.files.find((file) => file.slug !== slug && file.sourceModifiedMs <= modifiedMs) ?? null
}
