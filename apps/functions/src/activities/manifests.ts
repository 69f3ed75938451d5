import { LogpipeError, Manifest, type ManifestRef, type ObjectStore, readDocument } from '@logpipe/core'

/** The manifests by reference, in order. Throws OUTPUT_MISSING. */
export function readManifests(store: ObjectStore, refs: readonly ManifestRef[]): Promise<Manifest[]> {
  return Promise.all(
    refs.map(async ({ container, name }) => {
      const found = await readDocument(store, { container, name }, Manifest)
      if (!found) throw new LogpipeError('OUTPUT_MISSING', { name: `${container}/${name}` })
      return found.value
    }),
  )
}
