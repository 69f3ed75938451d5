import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHistoryCheck, type RecordedHistory } from '@logpipe/local-host/histories'
import * as df from 'durable-functions'
import type { OrchestrationContext } from 'durable-functions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeFigures } from './figures.ts'

// Made by `node apps/functions/test/record-histories.ts`. A run that is under way must be able to go on with today's code: where a test here
// fails, give the changed orchestrator a new name (src/orchestrators/names.ts), keep the old one, and record under the new name.
const folder = join(import.meta.dirname, 'histories')
const kinds = readdirSync(folder).map((file) => file.replace('.json', ''))
const read = (kind: string): RecordedHistory => JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')) as RecordedHistory

let check: Awaited<ReturnType<typeof createHistoryCheck>>
const results: Record<string, { prefixes: number; mismatches: number }> = {}
const began = Date.now()

beforeAll(async () => {
  check = await createHistoryCheck(join(import.meta.dirname, '..'))
  const { logPipeline } = await import('../src/orchestrators/log-pipeline.ts')
  df.app.orchestration('withOneYieldMore', function* (context: OrchestrationContext) {
    yield context.df.createTimer(context.df.currentUtcDateTime)
    return yield* logPipeline(context)
  })
  df.app.orchestration('withOneYieldMoreAtTheEnd', function* (context: OrchestrationContext) {
    const done = yield* logPipeline(context)
    yield context.df.createTimer(context.df.currentUtcDateTime)
    return done
  })
})
afterAll(() => {
  const sum = (of: 'prefixes' | 'mismatches'): number => Object.values(results).reduce((total, result) => total + result[of], 0)
  writeFigures('histories', {
    technique: 'recorded histories replayed at every prefix',
    size: 'full',
    seed: null,
    figures: { histories: kinds.length, prefixes: sum('prefixes'), mismatches: sum('mismatches') },
    seconds: Math.round((Date.now() - began) / 1000),
    results,
  })
})

test.each(kinds)('%s: every prefix is decided as it was', async (kind) => {
  const history = read(kind)
  const { prefixes, mismatches } = await check(history)
  results[kind] = { prefixes, mismatches: mismatches.length }
  expect(mismatches).toEqual([])
  expect(prefixes).toBe(history.events.filter(({ EventType }) => EventType === 12).length)
})

test('every way a run can end is on record', () => {
  const ends = kinds.map((kind) => (JSON.parse(String(read(kind).events.at(-1)?.['Result'])) as { status: string }).status)
  expect([...new Set(ends)].sort()).toEqual(['cancelled', 'degraded', 'duplicate', 'failed', 'succeeded', 'superseded'])
})

test('a yield more is found at the first prefix, and from there at each', async () => {
  const { prefixes, mismatches } = await check(read('success'), 'withOneYieldMore')
  expect(mismatches).toHaveLength(prefixes)
})

test('a yield more at the end is found where it stands', async () => {
  const { prefixes, mismatches } = await check(read('success'), 'withOneYieldMoreAtTheEnd')
  expect(mismatches.map(({ prefix }) => prefix)).toEqual([prefixes])
})
