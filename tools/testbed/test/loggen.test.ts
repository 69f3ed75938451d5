import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import type { SilverEvent } from '@logpipe/core/silver'
import { loadDefinition } from '@logpipe/definition'
import { generate, type FormatName, type Truth } from '@logpipe/loggen'
import { beforeAll, describe, expect, test } from 'vitest'
import { silverOf } from '../src/sshd/silver.ts'

const FORMATS: readonly FormatName[] = ['rfc3164', 'rfc3339', 'rfc5424', 'journald']
const baseTime = Date.parse('2025-04-01T00:00:00Z')
let catalogue: CompiledCatalogue
beforeAll(async () => {
  catalogue = (await loadDefinition()).catalogue
})

test.each(FORMATS)('the catalogue knows every line of every kind, written as %s', format => {
  const { log } = generate({ seed: 31, lines: 15_000, profile: 'full', format })
  const { events, counts } = silverOf(Buffer.concat([...log]), catalogue, baseTime)
  expect(events.filter(({ event }) => event === 'unclassified').map(({ message }) => message)).toEqual([])
  expect(counts).toMatchObject({ lines: 15_000, parsed: 15_000, quarantined: 0, blank: 0, unclassified: 0 })
})

describe('what the pipeline reads agrees with the truth', () => {
  let events: readonly SilverEvent[]
  let truth: readonly Truth[]
  beforeAll(() => {
    const made = generate({ seed: 32, lines: 15_000, profile: 'full' })
    events = silverOf(Buffer.concat([...made.log]), catalogue, baseTime).events
    truth = made.truth
  })

  test.each(['address', 'user'] as const)('first and last line and the tries of each %s', kind => {
    const rows = truth.filter(row => row.kind === kind)
    expect(rows.length).toBeGreaterThan(100)
    const spans = merged(rows.map(row => ({ ...row, key: `${row.host} ${row.entity}` })))
    const read = merged(events.filter(event => event[kind] !== null).map(({ host, line_no, attempt, repeat, ...event }) => ({
      key: `${host} ${event[kind]}`, first_line: line_no, last_line: line_no, attempts: attempt === null ? 0 : repeat,
    })))
    const differing = [...spans].filter(([key, span]) => JSON.stringify(read.get(key)) !== JSON.stringify(span))
    expect(differing.map(([key, span]) => ({ key, told: span, read: read.get(key) }))).toEqual([])
  })
})

interface Span {
  readonly first_line: number
  readonly last_line: number
  readonly attempts: number
}

function merged(spans: readonly (Span & { readonly key: string })[]): Map<string, Span> {
  const all = new Map<string, Span>()
  for (const { key, first_line, last_line, attempts } of spans) {
    const known = all.get(key)
    all.set(key, known === undefined ? { first_line, last_line, attempts } : {
      first_line: Math.min(known.first_line, first_line),
      last_line: Math.max(known.last_line, last_line),
      attempts: known.attempts + attempts,
    })
  }
  return all
}
