import { parseLine } from '@logpipe/core/silver'
import { batchesOf, eventsOf, silverOf, source as sourceOf } from '@logpipe/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sourceGenerator } from './laws/generate.ts'
import { type Bench, LAWS, type Read, readSource } from './laws/laws.ts'
import { report, runLaws } from './laws/run-laws.ts'
import { definition } from './run-layer.ts'
import { SilverOnDuckDb } from './silver-duckdb.ts'

const LINES = 4000

// A sample of what laws.nightly.test.ts does with a million lines, the same each time.
test('the laws of reading hold on a seeded sample', async () => {
  const { figures, counterexamples } = await runLaws({ name: 'sample', seed: 20_260_105, lines: LINES, perSource: 2000 })
  expect(counterexamples, report(counterexamples)).toEqual([])
  for (const law of LAWS.keys()) expect(figures.laws[law], law).toEqual({ inputs: LINES, counterexamples: 0 })
  expect(figures.parsed + figures.quarantined).toBe(LINES)
})

// What a night has found stays here.
test('seed 4261: a tag with two brackets, behind a line with one', () => {
  const lines = ['Dec 10 06:55:46 web-1 sshd[1]: x', 'Dec 10 06:55:46 web-1 sshd[18]:y[30461]: x']
  const params = { timezone: 'UTC', baseTimeMs: Date.UTC(2016, 0, 2) }
  const [, second] = eventsOf(silverOf(batchesOf(sourceOf(lines)), definition.catalogue, params))
  expect(second?.program).toBe(parseLine(lines[1] ?? '', definition.catalogue, params).event?.program)
})

describe('each law sees a planted fault', () => {
  const { catalogue } = definition
  const source = sourceGenerator(catalogue)(1, 100)
  let bench: Bench
  let read: Read
  beforeAll(async () => {
    bench = { catalogue, duckdb: await SilverOnDuckDb.create(catalogue), params: { timezone: 'UTC', baseTimeMs: Date.UTC(2016, 0, 2) }, pick: (max) => max >> 1 }
    read = readSource(source, bench)
  })
  afterAll(() => bench.duckdb.close())

  const changedEvent = (one: Read): Read => ({ ...one, events: one.events.map((event, i) => (i === 3 ? { ...event, outcome: 'success', event: 'planted' } : event)) })
  const otherBytes = (one: Read): Read => ({ ...one, silver: { ...one.silver, events: one.silver.events.replace('"host":', '"Host":') } })
  const joinedLines = (one: Read): Read => {
    const lines = one.source.lines.map((line, i) => (i === 49 ? Buffer.from('Dec 10 06:55:46 web-1 sshd[1]: no line end') : i === 50 ? Buffer.from('behind it\n') : line))
    return { ...one, source: { ...one.source, lines } }
  }
  const plants: [law: string, fault: string, plant: (one: Read) => Read, change?: Partial<Bench>][] = [
    ['parse never throws', 'a time zone that makes it throw', (one) => one, { params: { timezone: 'Mars/Olympus', baseTimeMs: 0 } }],
    ['lines in = parsed + quarantined', 'a lost event', (one) => ({ ...one, events: one.events.slice(1) })],
    ['lines in = parsed + quarantined', 'a line that stands twice', (one) => ({ ...one, events: [...one.events.slice(1), ...one.events.slice(1, 2)] })],
    ['offsets tile the source', 'a quarantined line at another place', (one) => ({ ...one, quarantine: one.quarantine.map((row, i) => (i === 1 ? { ...row, byte_offset: row.byte_offset + 1 } : row)) })],
    ['offsets tile the source', 'a batch that is missing', (one) => ({ ...one, batches: [] })],
    ['SQL and parser agree field by field', 'one other field', changedEvent],
    ['a rerun gives the same bytes', 'one other byte', otherBytes],
    ['chunks of the stream do not show', 'one other byte', otherBytes],
    ['a cut between lines does not show, but for numbers, offsets and what a session gave', 'lines that only a cut parts', joinedLines],
    ['an event is what its line says alone, but for what a session gave', 'one other field', changedEvent],
    ['UTF-16 gives the events of UTF-8', 'one other field', changedEvent],
  ]

  test('there is a plant for every law', () => {
    expect(new Set(plants.map(([law]) => law))).toEqual(new Set(LAWS.keys()))
  })

  test.each(plants)('%s: %s', async (law, _fault, plant, change = {}) => {
    const holds = LAWS.get(law)
    expect(await holds?.(read, bench)).toEqual([])
    expect(await holds?.(plant(read), { ...bench, ...change })).not.toEqual([])
  })
})
