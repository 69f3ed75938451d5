import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crowdsecAlerts, fail2banBans, pyodScores, type PeerAlert, type PeerLog } from '../src/peers/index.ts'

// The peers are real; these tests hold the replay: the log's own times are the clock, and a threshold stands where its maker put it.
const START = Date.UTC(2025, 2, 3, 1, 0, 0)
const MONTHS = ['Jan', 'Feb', 'Mar']

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-peers-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const stamp = (second: number): string => {
  const time = new Date(START + second * 1000)
  return `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)} ${time.toISOString().slice(11, 19)}`
}
const at = (second: number): number => START + second * 1000
const failures = (address: string, times: number, everySeconds: number): [number, string][] =>
  Array.from({ length: times }, (_, i) => [i * everySeconds, `Failed password for root from ${address} port ${50000 + i} ssh2`])
const knocks = (address: string, times: number, everySeconds: number): [number, string][] =>
  Array.from({ length: times }, (_, i) => [i * everySeconds, `Connection closed by ${address} port ${50000 + i} [preauth]`])

let logs = 0
async function logOf(...actors: [number, string][][]): Promise<PeerLog> {
  const rows = actors.flat().sort(([a], [b]) => a - b)
  const path = join(dir, `${++logs}.log`)
  await writeFile(path, rows.map(([second, message], i) => `${stamp(second)} web-1 sshd[${100 + i}]: ${message}\n`).join(''))
  return { path, endMs: START + 3 * 86_400_000 }
}
const first = (alerts: readonly PeerAlert[]): [string, number][] => [...new Map(alerts.toReversed().map(({ address, atMs }) => [address, atMs]))].sort()

describe('fail2ban', () => {
  test('bans at the fifth failure within ten minutes of the log, and not before', async () => {
    const log = await logOf(failures('192.0.2.5', 5, 140), failures('192.0.2.4', 4, 1), failures('192.0.2.6', 5, 700))
    expect(first(await fail2banBans(log, 'normal'))).toEqual([['192.0.2.5', at(4 * 140)]])
  })

  test('counts connections that end before authentication in its aggressive mode only', async () => {
    const log = await logOf(knocks('192.0.2.7', 6, 5))
    expect(await fail2banBans(log, 'normal')).toEqual([])
    expect(first(await fail2banBans(log, 'aggressive'))).toEqual([['192.0.2.7', at(4 * 5)]])
  })
})

describe('crowdsec', () => {
  test('alerts when its bucket of five overflows, leaking one per ten seconds of the log', async () => {
    const log = await logOf(failures('192.0.2.6', 6, 1), failures('192.0.2.5', 5, 1), failures('192.0.2.8', 8, 11))
    const alerts = await crowdsecAlerts(log)
    expect(first(alerts)).toEqual([['192.0.2.6', at(5)]])
    expect(new Set(alerts.map(({ rule }) => rule))).toEqual(new Set(['crowdsecurity/ssh-bf']))
  })
})

test('an allowed range is named by neither', async () => {
  const log = { ...(await logOf(failures('192.0.2.77', 30, 1), failures('192.0.2.7', 30, 1))), allowed: ['192.0.2.64/26'] }
  expect(first(await fail2banBans(log, 'normal')).map(([address]) => address)).toEqual(['192.0.2.7'])
  expect(first(await crowdsecAlerts(log)).map(([address]) => address)).toEqual(['192.0.2.7'])
})

test('PyOD scores each row of a table, and flags a tenth of them', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => (i === 42 ? [70, 50, 500] : [i % 7, i % 5, i % 3]))
  const judged = await pyodScores(rows)
  expect(Object.keys(judged)).toEqual(['ECOD', 'COPOD', 'HBOS', 'IForest'])
  for (const [name, { scores, flagged }] of Object.entries(judged)) {
    expect(scores, name).toHaveLength(rows.length)
    expect(scores.indexOf(Math.max(...scores)), name).toBe(42)
    expect(flagged[42], name).toBe(1)
  }
})
