import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Part, places } from '@logpipe/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyPart, openShelf, part, type Shelf } from '../../test/models.ts'
import type { Learnt } from './document.ts'
import { readModel } from './files.ts'
import { follow, learn, pinModel, promote, type RegistryDeps, rollback } from './registry.ts'
import { EMPTY_INDEX, findVersion, readIndex } from './registry-index.ts'

const deps = ({ store }: Shelf, over: Partial<RegistryDeps> = {}): RegistryDeps => ({ store, clock: { now: () => 0 }, definitionHash: 'd', ...over })
const failures = (...counts: number[]) => part(counts.map((value) => ({ feature: 'failures', value, entities: 1 })))
const pathOf = ({ dir }: Shelf, { container, name }: Part): string => join(dir, container, name)
const currentModel = async ({ store }: Shelf) => {
  const index = await readIndex(store)
  return readModel(store, findVersion(index, 'current').files)
}

describe('the laws of learning', () => {
  test('any order, any duplicates: the same registry, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 3 }), anyPart), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat({ max: 5 }), { maxLength: 12 }),
        async (parts, order) => {
          const learntIn = async (places: readonly number[]) => {
            await using shelf = await openShelf()
            const entries: Learnt[] = []
            for (const [i, [slug, modifiedMs, model]] of parts.entries()) entries.push(await shelf.put(slug, model, { runId: `${slug}-${i}`, modifiedMs }))
            for (const place of places) await learn(deps(shelf, { limits: { sources: 3, versions: 50 } }), entries[place % parts.length]!)
            const { current, parts: kept, versions } = await readIndex(shelf.store)
            const files = findVersion({ ...EMPTY_INDEX, versions }, current ?? '').files
            return { current, kept, files: await Promise.all(files.map((file) => readFile(pathOf(shelf, file), 'utf8'))) }
          }
          const all = parts.map((_, i) => i)
          expect(await learntIn([...order, ...all.toReversed()])).toEqual(await learntIn(all))
        },
      ),
      { numRuns: 20 },
    )
  }, 60_000)

  test('many learn at once and nothing is lost', async () => {
    await using shelf = await openShelf()
    const entries = await Promise.all(Array.from({ length: 8 }, (_, i) => shelf.put(`s${i}`, failures(i))))
    await Promise.all(entries.map((entry) => learn(deps(shelf), entry)))
    expect((await currentModel(shelf)).values).toHaveLength(8)
  })

  test('a newer version of a source takes the place of the older one, and never the other way', async () => {
    await using shelf = await openShelf()
    const old = await shelf.put('a', failures(1), { runId: 'a-1', modifiedMs: 1000 })
    const grown = await shelf.put('a', failures(1, 7), { runId: 'a-2', modifiedMs: 2000 })
    await learn(deps(shelf), old)
    await learn(deps(shelf), grown)
    await learn(deps(shelf), old)
    const model = await currentModel(shelf)
    expect(model.values).toEqual([{ feature: 'failures', value: 1, entities: 1 }, { feature: 'failures', value: 7, entities: 1 }])
    expect(model.head.lineage).toEqual([{ slug: 'a', contentKey: grown.contentKey }])
  })

  test('the same log under two names counts once', async () => {
    await using shelf = await openShelf()
    const contentKey = 'c'.repeat(64)
    for (const slug of ['b', 'a']) await learn(deps(shelf), await shelf.put(slug, failures(3), { contentKey }))
    expect(await currentModel(shelf)).toMatchObject({ values: [{ entities: 1 }], head: { lineage: [{ slug: 'a' }] } })
  })

  test('the oldest source is forgotten past the limit', async () => {
    await using shelf = await openShelf()
    const limits = { sources: 2, versions: 50 }
    for (const [i, slug] of ['a', 'b', 'c'].entries()) await learn(deps(shelf, { limits }), await shelf.put(slug, failures(i), { modifiedMs: i }))
    expect((await currentModel(shelf)).head.lineage.map(({ slug }) => slug)).toEqual(['b', 'c'])
  })

  test('a part that cannot be read any more is left out, and said', async () => {
    await using shelf = await openShelf()
    const lost = await shelf.put('a', failures(1))
    await learn(deps(shelf), lost)
    await rm(pathOf(shelf, lost.parts[1]!))
    expect(await learn(deps(shelf), await shelf.put('b', failures(2)))).toMatchObject({ parts: 1, lost: 1 })
    expect((await currentModel(shelf)).values).toEqual([{ feature: 'failures', value: 2, entities: 1 }])
  })
})

describe('a model is refused', () => {
  const spoil: Record<string, (shelf: Shelf, files: readonly Part[]) => Promise<void>> = {
    'a table with other bytes': async (shelf, files) => writeFile(pathOf(shelf, files[1]!), '{"feature":"failures","value":9,"entities":1}\n'),
    'a table that is cut off': async (shelf, files) => truncate(pathOf(shelf, files[1]!), 10),
    'a head that is cut off': async (shelf, files) => truncate(pathOf(shelf, files[0]!), 10),
    'a file that is gone': async (shelf, files) => rm(pathOf(shelf, files[2]!)),
  }
  test.each(Object.keys(spoil))('for %s', async (name) => {
    await using shelf = await openShelf()
    await learn(deps(shelf), await shelf.put('a', failures(1)))
    const { files } = findVersion(await readIndex(shelf.store), 'current')
    await spoil[name]!(shelf, files)
    await expect(readModel(shelf.store, files)).rejects.toMatchObject({ code: 'MODEL_NOT_VALID' })
  })

  test.each([
    ['an unknown schema', { schema_version: 3 }],
    ['an unknown method', { method: 'forest' }],
    ['no features', { features: [] }],
    ['a threshold that is no number', { threshold: { value: 'high' } }],
  ])('for %s, with a right hash', async (_case, over) => {
    await using shelf = await openShelf()
    const model = failures(1)
    const { parts } = await shelf.put('a', { ...model, head: { ...model.head, ...over } as typeof model.head })
    await expect(readModel(shelf.store, parts)).rejects.toMatchObject({ code: 'MODEL_NOT_VALID' })
  })

  test('and a run starts with the last good version, saying so', async () => {
    await using shelf = await openShelf()
    const first = await learn(deps(shelf), await shelf.put('a', failures(1)))
    expect(await pinModel(deps(shelf), 'c')).toMatchObject({ model: { version: first.version }, warnings: [] })
    await learn(deps(shelf), await shelf.put('b', failures(2)))
    await truncate(pathOf(shelf, findVersion(await readIndex(shelf.store), 'current').files[1]!), 3)
    expect(await pinModel(deps(shelf), 'c')).toMatchObject({ model: { version: first.version }, warnings: ['MODEL_FALLBACK'] })
  })

  test('and a run starts without one when the registry itself is spoilt', async () => {
    await using shelf = await openShelf()
    await shelf.store.put(places.models, Buffer.from('{"schema":"logpipe/models/9"}'))
    expect(await pinModel(deps(shelf), 'c')).toEqual({ model: null, warnings: ['MODEL_FALLBACK'] })
  })
})

describe('what a run starts with', () => {
  test('is nothing at first', async () => {
    await using shelf = await openShelf()
    expect(await pinModel(deps(shelf), 'a')).toEqual({ model: null, warnings: [] })
  })

  test('leaves out what an earlier version of the same source taught', async () => {
    await using shelf = await openShelf()
    const only = await learn(deps(shelf), await shelf.put('b', failures(2)))
    await learn(deps(shelf), await shelf.put('a', failures(1)))
    expect((await pinModel(deps(shelf), 'a')).model?.version).toBe(only.version)
    await using other = await openShelf()
    await learn(deps(other), await other.put('a', failures(1)))
    expect(await pinModel(deps(other), 'a')).toEqual({ model: null, warnings: [] })
  })

  test('names the tables, which fill the context', async () => {
    await using shelf = await openShelf()
    await learn(deps(shelf), await shelf.put('b', failures(2)))
    expect((await pinModel(deps(shelf), 'a')).model?.parts.map(({ output, rows }) => [output, rows])).toEqual([['known_values', 1], ['known_logins', 0], ['known_hours', 0]])
  })
})

describe('a person', () => {
  const three = async (shelf: Shelf): Promise<string[]> => {
    const ids: string[] = []
    for (const slug of ['a', 'b', 'c']) ids.push((await learn(deps(shelf), await shelf.put(slug, failures(slug.charCodeAt(0))))).version ?? '')
    return ids
  }

  test('goes back, and learning goes on without moving the current version', async () => {
    await using shelf = await openShelf()
    const [, second = ''] = await three(shelf)
    expect((await rollback(shelf.store)).version).toBe(second)
    const next = await learn(deps(shelf), await shelf.put('d', failures(9)))
    expect(next.current).toBe(second)
    expect(await follow(shelf.store)).toBe(next.version)
  })

  test('promotes a version by its first digits; one that is spoilt is refused', async () => {
    await using shelf = await openShelf()
    const [first = '', second = ''] = await three(shelf)
    expect(await promote(shelf.store, first.slice(0, 8))).toMatchObject({ version: first })
    expect(await readIndex(shelf.store)).toMatchObject({ current: first, held: true })
    await truncate(pathOf(shelf, findVersion(await readIndex(shelf.store), second).files[0]!), 3)
    await expect(promote(shelf.store, second)).rejects.toMatchObject({ code: 'MODEL_NOT_VALID' })
    expect(await readIndex(shelf.store)).toMatchObject({ current: first })
  })

  test.each(['ffff', 'abc', ''])('is told when there is no version %j', async (wanted) => {
    await using shelf = await openShelf()
    await three(shelf)
    await expect(promote(shelf.store, wanted)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})
