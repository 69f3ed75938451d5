import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskStore } from '@logpipe/bench'
import type { ObjectStore } from '@logpipe/core'
import fc from 'fast-check'
import { modelFiles } from '../src/model/files.ts'
import type { Learnt, Model, ModelHead } from '../src/model/document.ts'

export const FEATURES = ['failures', 'failure_share', 'failed_users', 'invalid_user_share', 'failures_10min_max', 'failing_hours', 'regularity', 'bad_sessions']

const head = (entities: number): ModelHead => ({
  schema_version: 2,
  method: 'ecdf_right_tail',
  features: FEATURES,
  entities,
  threshold: { rule: 'fence', warmup_entities: 20, fence: 1.5, floor: 6, entities: 0, first_quartile: null, third_quartile: null, value: null },
  lineage: [],
  tables: [],
})

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10)

/** A part as a run writes it: each row once, so that sums are what the fold made. */
export const anyPart: fc.Arbitrary<Model> = fc
  .record({
    values: fc.uniqueArray(fc.record({ feature: fc.constantFrom('failures', 'regularity', 'score'), value: fc.integer({ min: 0, max: 40 }).map((n) => n / 8), entities: fc.integer({ min: 1, max: 9 }) }), { selector: (row) => `${row.feature} ${row.value}`, maxLength: 12 }),
    logins: fc.uniqueArray(fc.record({ user: fc.constantFrom('alice', 'bob', '__proto__'), address: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1'), first: fc.integer({ min: 0, max: 20 }), days: fc.integer({ min: 0, max: 9 }), logins: fc.integer({ min: 1, max: 9 }) }), { selector: (row) => `${row.user} ${row.address}`, maxLength: 6 }),
    hours: fc.uniqueArray(fc.record({ user_name: fc.constantFrom('alice', 'bob'), hour: fc.integer({ min: 0, max: 23 }), logins: fc.integer({ min: 1, max: 9 }) }), { selector: (row) => `${row.user_name} ${row.hour}`, maxLength: 6 }),
  })
  .map(({ values, logins, hours }) => ({
    head: head(values.filter(({ feature }) => feature === 'score').reduce((sum, { entities }) => sum + entities, 0)),
    values,
    logins: logins.map(({ user, address, first, days, logins: count }) => ({ user_name: user, address, first_day: day(first), last_day: day(first + days), logins: count })),
    hours,
  }))

export const part = (values: Model['values'], logins: Model['logins'] = []): Model => ({ head: head(5), values, logins, hours: [] })

export interface Shelf extends AsyncDisposable {
  readonly store: ObjectStore
  readonly dir: string
  /** Puts a part's files where a run would, and says what was learnt. */
  put(slug: string, model: Model, over?: Partial<Learnt>): Promise<Learnt>
}

/** A store on disk with parts of runs in it. */
export async function openShelf(): Promise<Shelf> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-ml-'))
  const store = await createDiskStore(dir)
  await store.ensureContainers()
  return {
    store,
    dir,
    async put(slug, model, over = {}) {
      const runId = over.runId ?? `${slug}-run`
      const files = modelFiles(model, { container: 'gold', name: `_runs/${slug}/${runId}/attempt=1/ml/` })
      for (const file of files) await store.put(file.part, file.body)
      const contentKey = createHash('sha256').update(JSON.stringify([slug, model])).digest('hex')
      return { slug, contentKey, runId, modifiedMs: 1000, publishedMs: 0, parts: files.map((file) => file.part), ...over }
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}
