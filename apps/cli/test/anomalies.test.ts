import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()
const line = (minute: number, message: string): string => `Jan  5 10:${String(minute).padStart(2, '0')}:00 web-1 sshd[7]: ${message}\n`
const tries = (address: string): string => Array.from({ length: 12 }, (_, i) => line(i, `Failed password for root from ${address} port 50022 ssh2`)).join('')
const LOG = tries('192.0.2.7') + tries('198.51.100.9') + tries('10.0.0.8') + line(20, 'Accepted password for root from 198.51.100.9 port 50022 ssh2')

interface Envelope {
  ok: boolean
  data: { runId: string; anomalies: { entity: string; rank: number; flagged: boolean }[]; anomaly: { entity: string; evidence: unknown[] }; judgements: unknown[] }
  error: { code: string }
}
const logpipe = async (...words: string[]): Promise<{ code: number | null } & Envelope> => {
  const { code, stdout } = await home.logpipe(...words, '--json')
  return { code, ...(JSON.parse(stdout) as Envelope) }
}
const flagged = async (...words: string[]): Promise<string[]> => (await logpipe('anomalies', 'list', ...words)).data.anomalies.map(({ entity }) => entity).sort()

test('before anything is published it says so', async () => {
  expect(await logpipe('anomalies', 'list')).toMatchObject({ code: 2, ok: false, error: { code: 'NOTHING_PUBLISHED' } })
})

describe('with a published run', () => {
  let path = ''
  beforeAll(async () => {
    path = join(home.dir, 'web.log')
    await writeFile(path, LOG)
    expect((await home.logpipe('run', path)).code).toBe(0)
  })

  test('the flagged ones, and one of them whole, by rank or by name', async () => {
    expect(await flagged()).toEqual(['10.0.0.8', '192.0.2.7', '198.51.100.9'])
    expect(await flagged('--severity', 'critical')).toEqual([])
    const byName = await logpipe('anomalies', 'show', '192.0.2.7')
    expect(byName.data.anomaly).toMatchObject({ entity: '192.0.2.7', flagged: true })
    expect(byName.data.anomaly.evidence.length).toBeGreaterThan(1)
    const first = (await logpipe('anomalies', 'list')).data.anomalies.find(({ rank }) => rank === 1)!
    expect((await logpipe('anomalies', 'show', '1')).data.anomaly.entity).toBe(first.entity)
    expect(await logpipe('anomalies', 'show', '203.0.113.1')).toMatchObject({ code: 2, error: { code: 'ANOMALY_NOT_FOUND' } })
  })

  test('decisions leave out private addresses and those that logged in', async () => {
    const out = join(home.dir, 'block.csv')
    expect((await home.logpipe('decisions', 'export', '--out', out)).code).toBe(0)
    expect((await readFile(out, 'utf8')).trim().split('\n').slice(1).map((row) => row.split(',')[0])).toEqual(['192.0.2.7'])
    expect((await stat(out)).mode & 0o777).toBe(0o600)
    const asked = await home.logpipe('decisions', 'export', '--with-private', '--with-successful', '--format', 'crowdsec')
    expect((JSON.parse(asked.stdout) as { value: string }[]).map(({ value }) => value).sort()).toEqual(['10.0.0.8', '192.0.2.7', '198.51.100.9'])
  })

  test('what is said of an entity stays visible, keeps it from being blocked and can be taken back', async () => {
    expect((await logpipe('anomalies', 'allow', '192.0.2.7', '--reason', 'our scanner', '--author', 'ann')).code).toBe(0)
    expect((await home.logpipe('anomalies', 'judged')).stdout).toMatch(/allow +address +192\.0\.2\.7 .*by ann: our scanner/)
    expect((await logpipe('anomalies', 'show', '192.0.2.7')).data.judgements).toHaveLength(1)
    expect((await home.logpipe('decisions', 'export')).stdout).not.toContain('192.0.2.7')
    expect((await logpipe('anomalies', 'revoke', '192.0.2.7')).code).toBe(0)
    expect((await home.logpipe('decisions', 'export')).stdout).toContain('192.0.2.7')
    expect(await logpipe('anomalies', 'revoke', '192.0.2.7')).toMatchObject({ code: 2, error: { code: 'JUDGEMENT_NOT_VALID' } })
  })

  test('what is said of a network holds for the addresses in it; what is none is refused', async () => {
    expect(await logpipe('anomalies', 'allow', '192.0.2.0/24', '--reason', 'our scanners')).toMatchObject({ code: 0, data: { entity_kind: 'subnet', entity: '192.0.2.0/24' } })
    expect((await home.logpipe('decisions', 'export')).stdout).not.toContain('192.0.2.7')
    expect((await logpipe('anomalies', 'revoke', '192.0.2.0/24')).code).toBe(0)
    expect((await home.logpipe('decisions', 'export')).stdout).toContain('192.0.2.7')
    expect(await logpipe('anomalies', 'allow', '192.0.2.0/33', '--reason', 'a slip')).toMatchObject({ code: 2, error: { code: 'JUDGEMENT_NOT_VALID' } })
  })

  test('a time that is none is a usage error', async () => {
    expect(await logpipe('anomalies', 'dismiss', '192.0.2.7', '--reason', 'seen it', '--for', 'ever')).toMatchObject({ code: 2, error: { code: 'USAGE' } })
  })
})
