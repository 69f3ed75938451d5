import { type Clock, LogpipeError, type ObjectStore, type Part, places, updateDocument } from '@logpipe/core'
import type { Learnt, Model } from './document.ts'
import { fold } from './fold.ts'
import { modelFiles, readModel } from './files.ts'
import { EMPTY_INDEX, findVersion, readIndex, RegistryIndex, Version } from './registry-index.ts'
import { distinctLogs, selectSources, versionId } from './sources.ts'

export interface RegistryLimits {
  /** Sources that a version is made of, the newest; the others are forgotten. */
  readonly sources: number
  /** Versions that the index names. */
  readonly versions: number
}
export const REGISTRY_LIMITS: RegistryLimits = { sources: 100, versions: 50 }

export interface RegistryDeps {
  readonly store: ObjectStore
  readonly clock: Clock
  /** Hash of the pipeline's definition: another one makes other versions. */
  readonly definitionHash: string
  readonly limits?: RegistryLimits
}

/** `lost`: parts that could not be read. */
type Made = Omit<Version, 'createdAt'> & { readonly lost: number }

export interface Learned {
  readonly version: string | null
  readonly parts: number
  readonly lost: number
  readonly current: string | null
}

const sameForm = (a: Model, b: Model): boolean => a.head.features.join() === b.head.features.join()

/** Connections at once: without a bound, each source that was learnt would have one of its own. */
const READERS = 8

/** Parts of a selection with their models, those that cannot be read left out: a part that was removed or spoilt must not stop learning. */
async function readParts(store: ObjectStore, selected: readonly Learnt[]): Promise<{ entry: Learnt; model: Model }[]> {
  const entries = distinctLogs(selected)
  const models = new Map<Learnt, Model>()
  const queue = entries.values()
  const reader = async (): Promise<void> => {
    for (const entry of queue) {
      try {
        models.set(entry, await readModel(store, entry.parts))
      } catch (error) {
        if (!(error instanceof LogpipeError && error.code === 'MODEL_NOT_VALID')) throw error
      }
    }
  }
  await Promise.all(Array.from({ length: READERS }, reader))
  return entries.flatMap((entry) => {
    const model = models.get(entry)
    return model ? [{ entry, model }] : []
  })
}

/** Makes the files of a version where they are not yet. The same set makes the same bytes, so whoever comes second changes nothing. */
async function makeVersion(deps: RegistryDeps, selected: readonly Learnt[]): Promise<Made | null> {
  const parts = await readParts(deps.store, selected)
  const [newest] = parts.toSorted((a, b) => b.entry.modifiedMs - a.entry.modifiedMs || (a.entry.slug < b.entry.slug ? -1 : 1))
  if (newest === undefined) return null
  const alike = parts.filter(({ model }) => sameForm(model, newest.model)) // parts of an older definition may have other features
  const version = versionId(alike.map(({ entry }) => entry), deps.definitionHash)
  const model = fold(alike.map((part) => part.model), newest.model.head, alike.map(({ entry: { slug, contentKey } }) => ({ slug, contentKey })))
  const files: Part[] = []
  for (const { part, body } of modelFiles(model, places.modelVersion(version))) {
    await deps.store.create(part, body)
    files.push(part)
  }
  return { version, entities: model.head.entities, parts: alike.length, files, lost: distinctLogs(selected).length - parts.length }
}

/**
 * Takes what a run learnt into the registry and makes the version of the new set current, unless a person holds another. Serialised by If-Match;
 * the same part any number of times, in any order, from any number of processes gives the same registry. Returns the version of the set, the
 * number of its parts, and how many parts could not be read any more.
 */
export async function learn(deps: RegistryDeps, entry: Learnt): Promise<Learned> {
  const limits = deps.limits ?? REGISTRY_LIMITS
  for (;;) {
    const before = await readIndex(deps.store)
    const parts = selectSources([...before.parts, entry], limits.sources)
    const made = await makeVersion(deps, parts)
    let conflict = false
    const after = await updateDocument(deps.store, places.models, RegistryIndex, (now) => {
      const base = now ?? EMPTY_INDEX
      conflict = JSON.stringify(base.parts) !== JSON.stringify(before.parts)
      if (conflict) return null // somebody learnt meanwhile: the set is another one now
      const known = made === null || base.versions.some(({ version }) => version === made.version)
      const added = known ? [] : [Version.parse({ ...made, createdAt: new Date(deps.clock.now()).toISOString() })]
      const next: RegistryIndex = { ...base, parts, versions: keep([...added, ...base.versions], base, limits.versions), current: base.held ? base.current : (made?.version ?? base.current) }
      return JSON.stringify(next) === JSON.stringify(base) ? null : next
    })
    if (!conflict) return { version: made?.version ?? null, parts: made?.parts ?? 0, lost: made?.lost ?? parts.length, current: after?.current ?? null }
  }
}

/** The newest, and the one that a person holds. */
const keep = (versions: readonly Version[], { held, current }: RegistryIndex, limit: number): Version[] =>
  versions.filter(({ version }, i) => i < limit || (held && version === current))

/** Makes a version current and holds it there. Throws MODEL_NOT_FOUND, and MODEL_NOT_VALID when it cannot be read any more. */
export async function promote(store: ObjectStore, wanted: string): Promise<Version> {
  const found = findVersion(await readIndex(store), wanted)
  await readModel(store, found.files)
  await updateDocument(store, places.models, RegistryIndex, (now) => now && { ...now, current: found.version, held: true })
  return found
}

/** Back to the version before the current one that can be read, and holds it. Throws MODEL_NOT_FOUND when there is none. */
export async function rollback(store: ObjectStore): Promise<Version> {
  const index = await readIndex(store)
  const at = index.versions.findIndex(({ version }) => version === index.current)
  for (const { version, files } of index.versions.slice(at + 1)) {
    if (await isGood(store, files)) return promote(store, version)
  }
  throw new LogpipeError('MODEL_NOT_FOUND', { version: 'an earlier one' })
}

/** Ends the hold: the newest version is current again, and learning moves it. */
export async function follow(store: ObjectStore): Promise<string | null> {
  const after = await updateDocument(store, places.models, RegistryIndex, (now) => now && { ...now, held: false, current: now.versions[0]?.version ?? null })
  return after?.current ?? null
}

async function isGood(store: ObjectStore, files: readonly Part[]): Promise<boolean> {
  try {
    await readModel(store, files)
    return true
  } catch (error) {
    if (error instanceof LogpipeError && error.code === 'MODEL_NOT_VALID') return false
    throw error
  }
}

export interface PinnedModel {
  readonly model: { readonly version: string; readonly parts: Part[] } | null
  /** MODEL_FALLBACK when the current version could not be used. */
  readonly warnings: string[]
}

/**
 * The model that a run of `slug` starts with: the current version without what was learnt from an earlier version of the very source, so that its
 * lines do not count twice. What cannot be read is passed over for the newest version that can, and said as MODEL_FALLBACK.
 */
export async function pinModel(deps: RegistryDeps, slug: string): Promise<PinnedModel> {
  let index: RegistryIndex
  try {
    index = await readIndex(deps.store)
  } catch (error) {
    if (error instanceof LogpipeError && error.code === 'MODEL_NOT_VALID') return { model: null, warnings: ['MODEL_FALLBACK'] }
    throw error
  }
  const { versions, current, held, parts } = index
  const pinned = ({ version, files }: Pick<Version, 'version' | 'files'>) => ({ version, parts: files.filter(({ output }) => output !== 'model') })
  if (!held && parts.some((part) => part.slug === slug)) {
    const others = parts.filter((part) => part.slug !== slug)
    const made = await makeVersion(deps, others)
    if (made !== null && (await isGood(deps.store, made.files))) return { model: pinned(made), warnings: made.lost > 0 ? ['MODEL_FALLBACK'] : [] }
    if (others.length === 0) return { model: null, warnings: [] }
  }
  const ordered = [...versions.filter(({ version }) => version === current), ...versions.filter(({ version }) => version !== current)]
  for (const [tried, version] of ordered.entries()) {
    if (await isGood(deps.store, version.files)) return { model: pinned(version), warnings: tried === 0 ? [] : ['MODEL_FALLBACK'] }
  }
  return { model: null, warnings: ordered.length === 0 ? [] : ['MODEL_FALLBACK'] }
}
