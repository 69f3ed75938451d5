import { LogpipeError, Manifest, type ObjectStore, type Part, places, Pointer, PUBLISHED, readDocument } from '@logpipe/core'

/** The pointer of a source, or of the one published last when no slug is given; null when nothing is published. */
export async function latestPointer(store: ObjectStore, slug?: string): Promise<Pointer | null> {
  if (slug !== undefined) return (await readDocument(store, places.latest(slug), Pointer))?.value ?? null
  let newest: { name: string; publishedMs: number } | undefined
  for await (const { name, metadata } of store.list('pipeline', places.latestPrefix)) {
    const publishedMs = Number(metadata[PUBLISHED] ?? 0)
    if (!newest || publishedMs > newest.publishedMs) newest = { name, publishedMs }
  }
  return newest ? ((await readDocument(store, { container: 'pipeline', name: newest.name }, Pointer))?.value ?? null) : null
}

/** One output of a published run: pointer → manifest → part, never by listing. */
export async function findPart(store: ObjectStore, pointer: Pointer, output: string): Promise<Part> {
  for (const ref of pointer.manifests) {
    const manifest = await readDocument(store, ref, Manifest)
    const part = manifest?.value.parts.find((candidate) => candidate.output === output)
    if (part) return part
  }
  throw new LogpipeError('OUTPUT_MISSING', { name: output })
}
