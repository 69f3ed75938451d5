import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generated } from '../test/generated.ts'
import { countByAddress, readBack } from '../test/read-back.ts'
import { generateLog } from './generate.ts'
import { scenarios } from './scenarios/index.ts'

const anySeed = fc.integer()
const anyLines = fc.integer({ min: 0, max: 3000 })

describe('generateLog', () => {
  test('the same seed gives the same bytes and the same truth', () => {
    fc.assert(fc.property(anySeed, anyLines, (seed, lines) => {
      expect(generated({ seed, lines })).toEqual(generated({ seed, lines }))
    }), { numRuns: 20 })
  })

  test('another seed gives another log', () => {
    expect(generated({ seed: 1, lines: 100 }).text).not.toBe(generated({ seed: 2, lines: 100 }).text)
  })

  test('has exactly the lines asked for, all readable and in time order', () => {
    fc.assert(fc.property(anySeed, anyLines.filter((n) => n > 0), (seed, lines) => {
      const read = readBack(generated({ seed, lines }).text)
      expect(read).toHaveLength(lines)
      const times = read.map(({ time }) => time)
      expect(times).toEqual(times.toSorted())
    }), { numRuns: 20 })
  })

  test('no lines is an empty log', () => {
    expect(generated({ seed: 1, lines: 0 })).toEqual({ text: '', truth: [] })
  })

  test('the truth is what an independent reading of the text finds', () => {
    fc.assert(fc.property(anySeed, anyLines.filter((n) => n > 0), (seed, lines) => {
      const { text, truth } = generated({ seed, lines })
      // Cut right here, the line that would have named the peer is missing: nobody can tell whose line it is.
      fc.pre(!/kex_exchange_identification: .*\n$/.test(text))
      const counted = countByAddress(readBack(text))
      const told = new Map(truth.map(({ kind: _kind, label: _label, addresses, ...rest }) => [addresses.join(), rest]))
      expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counted))
    }), { numRuns: 20 })
  })

  test('every kind of actor is in a log of 2000 lines', () => {
    const { truth } = generated({ seed: 7, lines: 2000 })
    expect(new Set(truth.map(({ kind }) => kind))).toEqual(new Set(scenarios.map(({ kind }) => kind)))
  })

  test('a mix of one kind has no other', () => {
    for (const { kind } of scenarios) {
      const { truth } = generated({ seed: 7, lines: 500, mix: { [kind]: 1 } })
      expect(new Set(truth.map((row) => row.kind))).toEqual(new Set([kind]))
    }
  })

  test('lines of concurrent actors are interleaved', () => {
    const { truth } = generated({ seed: 7, lines: 2000 })
    const overlapping = truth.filter((a) => truth.some((b) => a !== b && a.first_line < b.first_line && b.first_line < a.last_line))
    expect(overlapping.length).toBeGreaterThan(20)
  })

  test('fills about the span it is given', () => {
    const read = readBack(generated({ seed: 3, lines: 20_000, days: 10, start: '2025-06-01T00:00:00Z' }).text)
    expect(read[0]!.time.slice(0, 10)).toBe('2025-06-01')
    const days = (Date.parse(read.at(-1)!.time) - Date.parse('2025-06-01T00:00:00Z')) / 86_400_000
    expect(days).toBeGreaterThan(8)
    expect(days).toBeLessThan(12)
  })

  test('CRLF ends every line when asked for', () => {
    const unix = generated({ seed: 5, lines: 300 }).text
    expect(generated({ seed: 5, lines: 300, newline: '\r\n' }).text).toBe(unix.replaceAll('\n', '\r\n'))
  })

  test('yields chunks as it goes, without making the log first', () => {
    const first = generateLog({ seed: 1, lines: 1_000_000_000 }).next()
    expect(first.value?.length).toBeLessThanOrEqual(256 * 1024)
  })

  test('a process id belongs to one connection at a time', () => {
    const read = readBack(generated({ seed: 11, lines: 5000 }).text)
    const ports = new Map<string, Set<string>>()
    for (const { host, pid, message } of read) {
      const port = / port (\d+)/.exec(message)?.[1]
      if (port !== undefined) ports.set(`${host} ${pid}`, (ports.get(`${host} ${pid}`) ?? new Set()).add(port))
    }
    expect([...ports.values()].filter((seen) => seen.size > 1)).toEqual([])
  })

  test('uses addresses that belong to nobody', () => {
    const { truth } = generated({ seed: 13, lines: 20_000 })
    const free = /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.\d+$|^2001:db8:/
    expect(truth.flatMap(({ addresses }) => addresses).filter((address) => !free.test(address))).toEqual([])
  })
})
