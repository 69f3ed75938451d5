import { LogpipeError } from '../errors/error.ts'
import type { BlobRef, ObjectStore, Part } from '../ports.ts'
import { Manifest, Pointer } from './documents.ts'
import { readDocument } from './json-blob.ts'
import { places } from './places.ts'
import { PUBLISHED } from './publish.ts'

/** Names of the pointers, that of the source published last first. */
async function pointerNames(store: ObjectStore): Promise<string[]> {
  const found: { name: string; publishedMs: number }[] = []
  for await (const { name, metadata } of store.list('pipeline', places.latestPrefix)) found.push({ name, publishedMs: Number(metadata[PUBLISHED] ?? 0) })
  return found.sort((a, b) => b.publishedMs - a.publishedMs).map(({ name }) => name)
}

const readPointer = async (store: ObjectStore, name: string): Promise<Pointer | null> =>
  (await readDocument(store, { container: 'pipeline', name }, Pointer))?.value ?? null

/** The pointers of all sources, that of the source published last first. */
export async function latestPointers(store: ObjectStore): Promise<Pointer[]> {
  const pointers = await Promise.all((await pointerNames(store)).map((name) => readPointer(store, name)))
  return pointers.filter((pointer) => pointer !== null)
}

/** The pointer of a source, or of the one published last when no slug is given; null when nothing is published. */
export async function latestPointer(store: ObjectStore, slug?: string): Promise<Pointer | null> {
  const name = slug === undefined ? (await pointerNames(store))[0] : places.latest(slug).name
  return name === undefined ? null : readPointer(store, name)
}

/** Throws OUTPUT_MISSING. */
export async function readManifest(store: ObjectStore, { container, name }: BlobRef): Promise<Manifest> {
  const found = await readDocument(store, { container, name }, Manifest)
  if (!found) throw new LogpipeError('OUTPUT_MISSING', { name: `${container}/${name}` })
  return found.value
}

/** The manifests by reference, in order. Throws OUTPUT_MISSING. */
export const readManifests = (store: ObjectStore, refs: readonly BlobRef[]): Promise<Manifest[]> => Promise.all(refs.map((ref) => readManifest(store, ref)))

/** One output of a published run: pointer → manifest → part, never by listing. Throws OUTPUT_MISSING. */
export async function findPart(store: ObjectStore, pointer: Pick<Pointer, 'manifests'>, output: string): Promise<Part> {
  for (const ref of pointer.manifests) {
    const manifest = await readDocument(store, ref, Manifest)
    const part = manifest?.value.parts.find((candidate) => candidate.output === output)
    if (part) return part
  }
  throw new LogpipeError('OUTPUT_MISSING', { name: output })
}
