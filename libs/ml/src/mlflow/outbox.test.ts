import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, createBench, outboxNames, trackedRun } from '../../test/tracked-run.ts'
import { trackingDigest } from './documents.ts'
import { enqueueTracking } from './outbox.ts'

let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

test('the same result is one entry, at whatever time and in whatever order it is told', async () => {
  const run = await trackedRun(bench.store)
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), fc.date({ noInvalidDate: true }), async (params, ended) => {
      const reversed = Object.fromEntries(Object.entries(params).reverse())
      const again = { ...run, params: reversed, endedAt: ended.toISOString(), artifacts: [...run.artifacts].reverse() }
      expect(await trackingDigest(again)).toBe(await trackingDigest({ ...run, params }))
    }),
  )
})

test.each([
  ['a parameter', { params: { method: 'other' } }],
  ['a metric', { metrics: { entities: 31 } }],
  ['the model', { model: null }],
  ['a file', { artifacts: [] }],
])('another result is another entry: %s', async (_case, over) => {
  await enqueueTracking(bench.store, await trackedRun(bench.store), 0)
  await enqueueTracking(bench.store, await trackedRun(bench.store, undefined, over), 0)
  expect(await outboxNames(bench.store)).toHaveLength(2)
})

test.each([
  ['a metric that is no number', { metrics: { x: Number.NaN } }],
  ['a path out of the run', { artifacts: [{ path: '../x', part: { output: 'x', container: 'gold', name: 'x', bytes: 0, sha256: 'a'.repeat(64), rows: null } }] }],
  ['a name that would need quoting', { params: { 'a\'b': 'x' } }],
  ['a version that is none', { model: { name: 'm', version: '\' OR 1', path: 'model' } }],
])('what MLflow could never take is not put down: %s', async (_case, over) => {
  const run = await trackedRun(bench.store, undefined, over)
  await expect(enqueueTracking(bench.store, run, 0)).rejects.toThrow()
  expect(await outboxNames(bench.store)).toEqual([])
})
