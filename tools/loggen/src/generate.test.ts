import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generated } from '../test/generated.ts'
import { countByAddress, readBack } from '../test/read-back.ts'
import { generate, generateLog } from './generate.ts'
import type { LogOptions } from './options.ts'
import { profiles } from './profiles.ts'
import { scenarios } from './scenarios/index.ts'
import type { Truth } from './truth.ts'

const anySeed = fc.integer()
const anyLines = fc.integer({ min: 0, max: 3000 })

const attacks = new Set(scenarios.filter(({ attack }) => attack).map(({ kind }) => kind))
const kindOf = (incident: string) => incident.slice(0, incident.indexOf('/'))

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
      const told = Object.fromEntries(truth.filter(({ kind }) => kind === 'address').map((row) => [row.entity, row]))
      const counted = countByAddress(readBack(text))
      expect(Object.keys(told).toSorted()).toEqual([...counted.keys()].toSorted())
      expect(told).toMatchObject(Object.fromEntries(counted))
    }), { numRuns: 20 })
  })

  test('a log of 2000 lines has every kind of the basic profile', () => {
    const { truth } = generated({ seed: 7, lines: 2000 })
    expect(new Set(truth.map((row) => row.class))).toEqual(new Set(Object.keys(profiles.basic.weights)))
  })

  test('every kind of the full profile takes about the share of lines it was given', () => {
    const [lines, seeds] = [60_000, [17, 18, 19, 20]]
    const counts = new Map<string, number>()
    const count = (incident: string) => counts.set(kindOf(incident), (counts.get(kindOf(incident)) ?? 0) + 1)
    for (const seed of seeds) for (const _ of generateLog({ seed, lines, profile: 'full', onLine: count }));
    const { weights } = profiles.full
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
    const ratios = Object.entries(weights).map(([kind, weight]) => [kind, (counts.get(kind) ?? 0) / ((weight / total) * lines * seeds.length)] as const)
    expect(ratios.filter(([, ratio]) => ratio < 0.65 || ratio > 1.5)).toEqual([])
  })

  test('attacks take the share a mix gives them', () => {
    for (const attack of [0.05, 0.5]) {
      const options: LogOptions = { seed: 20, lines: 30_000, profile: 'full', mix: { attack, benign: 1 - attack } }
      let lines = 0
      for (const _ of generateLog({ ...options, onLine: (incident) => void (lines += attacks.has(kindOf(incident)) ? 1 : 0) }));
      expect(lines / options.lines).toBeGreaterThan(attack * 0.8)
      expect(lines / options.lines).toBeLessThan(attack * 1.6)
    }
  })

  test('lines of concurrent actors are interleaved', () => {
    const { truth } = generated({ seed: 7, lines: 2000 })
    const others = (a: Truth) => truth.filter((b) => a.incident !== b.incident)
    const overlapping = truth.filter((a) => others(a).some((b) => a.first_line < b.first_line && b.first_line < a.last_line))
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
    const { truth } = generated({ seed: 13, lines: 20_000, profile: 'full' })
    const free = /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.\d+$|^2001:db8:/
    const networks = truth.filter(({ kind }) => kind === 'address' || kind === 'subnet').map(({ entity }) => entity.replace('/24', ''))
    expect(networks.filter((network) => !free.test(network))).toEqual([])
  })
})

describe('generate', () => {
  const options: LogOptions = { seed: 17, lines: 20_000, profile: 'full' }

  test('gives the bytes of generateLog, and rows that onTruth would be given', () => {
    const { log, truth } = generate(options)
    const text = Buffer.concat([...log]).toString('latin1')
    expect({ text, truth }).toEqual(generated(options))
  })

  test('history comes apart, and the truth knows nothing of it', () => {
    const { history, log, truth } = generate({ ...options, historyDays: 7 })
    const [before, after] = [history, log].map((part) => Buffer.concat([...part]).toString('latin1')) as [string, string]
    expect(before + after).toBe(generated(options).text)
    expect(readBack(before).at(-1)!.time < '2025-03-10T00:00:00Z').toBe(true)
    const read = readBack(after)
    expect(read[0]!.time >= '2025-03-10T00:00:00Z').toBe(true)
    expect(truth.length).toBeGreaterThan(300)
    const times = truth.map(({ first_line, last_line }) => [read[first_line - 1]?.time, read[last_line - 1]?.time])
    expect(times).toEqual(truth.map(({ start, end }) => [start, end]))
    const attempts = (rows: Iterable<{ attempts: number }>) => [...rows].reduce((sum, row) => sum + row.attempts, 0)
    expect(attempts(truth.filter(({ kind }) => kind === 'address'))).toBe(attempts(countByAddress(read).values()))
  })

  test('who is not done when the log ends is cut, and nobody else', () => {
    const { truth } = generated({ ...options, lines: 30 })
    expect(truth.filter(({ cut }) => cut).length).toBeGreaterThan(0)
    const done = generated(options).truth.filter(({ kind, cut }) => kind === 'address' && !cut)
    expect(done.length).toBeGreaterThan(100)
  })

  test('history that nobody reads is passed over', () => {
    const { history, log } = generate({ ...options, historyDays: 7 })
    const whole = Buffer.concat([...history, ...log])
    const { log: alone } = generate({ ...options, historyDays: 7 })
    expect(whole.subarray(whole.length - 1000).equals(Buffer.concat([...alone]).subarray(-1000))).toBe(true)
    expect([...history]).toEqual([])
  })

  test('names the incident of every line', () => {
    const incidents: string[] = []
    const { log, truth } = generate({ ...options, onLine: (incident) => incidents.push(incident) })
    for (const _ of log);
    expect(incidents).toHaveLength(options.lines)
    expect(truth.filter(({ incident, first_line, last_line }) => incidents[first_line - 1] !== incident || incidents[last_line - 1] !== incident)).toEqual([])
  })
})
