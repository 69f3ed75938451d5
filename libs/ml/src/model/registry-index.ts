import { LogpipeError, type ObjectStore, places, readDocument } from '@logpipe/core'
import { z } from 'zod'
import { Learnt, PartShape } from './document.ts'

/** One version as the index names it; all else stands in its model.json. */
export const Version = z.object({
  version: z.string().regex(/^[0-9a-f]{16}$/),
  /** UTC, ISO 8601. */
  createdAt: z.string(),
  entities: z.int().min(0),
  /** Sources it was learnt from. */
  parts: z.int().min(0),
  files: z.array(PartShape),
})
export type Version = z.infer<typeof Version>

/** What the registry keeps: one document, changed by If-Match only. */
export const RegistryIndex = z.object({
  schema: z.literal('logpipe/models/1'),
  /** The version that runs start with. */
  current: z.string().nullable(),
  /** A person chose `current`: learning goes on, `current` stays. */
  held: z.boolean(),
  /** Sources that the next version is made of. */
  parts: z.array(Learnt),
  /** Newest first. */
  versions: z.array(Version),
})
export type RegistryIndex = z.infer<typeof RegistryIndex>

export const EMPTY_INDEX: RegistryIndex = { schema: 'logpipe/models/1', current: null, held: false, parts: [], versions: [] }

/** The registry as it is; empty when there is none. Throws MODEL_NOT_VALID when its document is of another form. */
export async function readIndex(store: ObjectStore): Promise<RegistryIndex> {
  try {
    return (await readDocument(store, places.models, RegistryIndex))?.value ?? EMPTY_INDEX
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error
    throw new LogpipeError('MODEL_NOT_VALID', { name: places.models.name, detail: error.message.slice(0, 300) }, { cause: error })
  }
}

/** Throws MODEL_NOT_FOUND. `wanted` is a version, its first digits (at least four), or `current`. */
export function findVersion(index: RegistryIndex, wanted: string): Version {
  const id = wanted === 'current' ? index.current : wanted
  const found = index.versions.filter(({ version }) => id !== null && (version === id || (id.length >= 4 && version.startsWith(id))))
  if (found.length !== 1 || found[0] === undefined) throw new LogpipeError('MODEL_NOT_FOUND', { version: wanted })
  return found[0]
}
