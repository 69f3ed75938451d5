import { z } from 'zod'
import type { ObjectStore } from '../ports.ts'
import { Manifest, ManifestRef, type RunRecord } from './documents.ts'
import { sha256Text } from './identity.ts'
import { readDocument, toJsonBytes } from './json-blob.ts'
import { places } from './places.ts'

/** A run that has published the results of a content, and where its gold and ml lie. */
const Original = z.object({ schema: z.literal('logpipe/content/1'), runId: z.string(), manifests: z.array(ManifestRef).min(1) })
export type Original = Pick<z.infer<typeof Original>, 'runId' | 'manifests'>

/** Layers that depend on nothing but what the key holds. */
const TAKEN_OVER: readonly string[] = ['gold', 'ml']

/**
 * Hex key under which equal sources are known: the bytes, what silver made of them (so zone and base time count where they changed a
 * time, and nowhere else), the definition of the layers that follow, the stream and the judgements of people. Not the model: it has moved on after
 * every run. Null where there is nothing worth comparing: an empty source, an engine that does not know the bytes, layers of two definitions.
 */
export async function contentKey({ params, pinned }: Pick<RunRecord, 'params' | 'pinned'>, manifests: readonly Manifest[], definitionHash: string): Promise<string | null> {
  const bronze = manifests.find(({ layer }) => layer === 'bronze')
  const silver = manifests.find(({ layer }) => layer === 'silver')
  if (!bronze?.contentSha256 || !silver || bronze.counts['bytes'] === 0 || manifests.some(({ definition }) => definition !== definitionHash)) return null
  const parts = silver.parts.map(({ output, sha256 }) => `${output} ${sha256}`).sort()
  return sha256Text([definitionHash, bronze.contentSha256, ...parts, `stream ${params.stream ?? ''}`, `judgements ${pinned?.judgements?.sha256 ?? ''}`].join('\n'))
}

/** True where every part is there as the manifest says: results that were purged stand for nobody's any more. */
async function isWhole(store: ObjectStore, refs: readonly ManifestRef[]): Promise<boolean> {
  for (const ref of refs) {
    const manifest = await readDocument(store, ref, Manifest)
    if (!manifest) return false
    const found = await Promise.all(manifest.value.parts.map(async (part) => (await store.stat(part))?.bytes === part.bytes))
    if (found.includes(false)) return false
  }
  return true
}

/** The run whose results are those that a source with this key would give; null when none has them, or not any more. */
export async function findOriginal(store: ObjectStore, key: string): Promise<Original | null> {
  const found = await readDocument(store, places.content(key), Original)
  return found && (await isWhole(store, found.value.manifests)) ? found.value : null
}

/**
 * Makes a run known as the one that has the results, once it has published them: an index, no lock, so that no run that ended badly is ever in
 * it. The newest that made them itself stands there; its data is kept longest.
 */
export async function noteContent(store: ObjectStore, key: string, runId: string, manifests: readonly ManifestRef[]): Promise<void> {
  const original = { schema: 'logpipe/content/1', runId, manifests: manifests.filter(({ layer }) => TAKEN_OVER.includes(layer)) }
  await store.put(places.content(key), toJsonBytes(original), { run_id: runId })
}
