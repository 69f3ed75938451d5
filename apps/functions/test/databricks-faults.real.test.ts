import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DatabricksTarget, startDatabricksTarget, TOKEN } from './databricks-target.ts'

// Jobs do their work by DuckDB here: what is tried is what becomes of a run when something goes wrong around its jobs.
let target: DatabricksTarget
beforeAll(async () => {
  target = await startDatabricksTarget()
}, 60_000)
afterAll(() => target.stop())
afterEach(() => {
  target.double.meddle = () => null
  target.double.fate = () => null
  target.double.tokens.set(TOKEN, 'valid')
  target.double.forbidden.clear()
})

const METADATA = { base_time: '2026-02-01T00:00:00Z' }
const log = (seed: number, lines = 300): Buffer => Buffer.concat([...generateLog({ seed, lines, start: '2026-01-05T00:00:00Z', days: 1 })])
const runsOf = (runId: string) => [...target.double.world.runs.values()].filter(({ parameters }) => parameters['task']?.includes(`/${runId}/`))
let seed = 0
const drop = (name: string) => target.pipeline.drop(name, log((seed += 1)), METADATA)

describe('no second paid run, no lost run', () => {
  test.each([1, 2, 3])('seed %i: short faults of every kind at every call', { timeout: 120_000 }, async (seed) => {
    let state = seed * 7919
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    let injected = 0
    target.double.meddle = () => {
      if (random() > 0.25) return null
      injected += 1
      return ([429, 503, 'dropped', 'answer lost'] as const)[Math.floor(random() * 4)]!
    }
    const report = await target.pipeline.ended(await drop(`faults-${seed}.log`), 90)
    expect(report).toMatchObject({ status: 'succeeded' })
    expect(injected).toBeGreaterThan(3)
    expect(runsOf(report.runId)).toHaveLength(report.stages.slice(0, 4).reduce((sum, { attempts }) => sum + attempts, 0))
    expect(new Set(runsOf(report.runId).map(({ parameters }) => parameters['task'])).size).toBe(runsOf(report.runId).length)
  })

  test('the host is killed while a job runs: the run goes on with the same job', { timeout: 120_000 }, async () => {
    const { pipeline, double } = target
    double.fate = () => 'slow'
    const runId = await drop('killed.log')
    const deadline = Date.now() + 60_000
    while (runsOf(runId).length === 0) {
      if (Date.now() > deadline) throw new Error('no job began')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    process.kill(pipeline.host.pid, 'SIGKILL')
    await pipeline.host.exited
    await pipeline.startHost(target.env)
    const report = await pipeline.ended(runId, 90)
    expect(report.status).toBe('succeeded')
    expect(runsOf(runId)).toHaveLength(4)
  })
})

describe('what befalls a job', () => {
  test.each(['spot', 'driver', 'evicted-after-work'] as const)('%s: another attempt is another job', { timeout: 120_000 }, async (fault) => {
    let left = 1
    target.double.fate = (name) => (name === 'logpipe-silver-dev' && (left -= 1) >= 0 ? fault : null)
    const report = await target.pipeline.ended(await drop(`${fault}.log`), 90)
    expect(report.stages.map(({ attempts }) => attempts).slice(0, 4)).toEqual([1, 2, 1, 1])
    expect(report.status).toBe('succeeded')
    expect(runsOf(report.runId)).toHaveLength(5)
  })

  test('no machine of the first node type: the next one is taken', { timeout: 120_000 }, async () => {
    target.double.fate = (name, nodeType) => (name === 'logpipe-bronze-dev' && nodeType === 'Standard_DS3_v2' ? 'quota' : null)
    const report = await target.pipeline.ended(await drop('quota.log'), 90)
    expect(report).toMatchObject({ status: 'succeeded', stages: [{ attempts: 2, job: { nodeType: 'Standard_D4ds_v5' } }, {}, {}, {}, {}, {}, {}, {}] })
  })

  test('a log that is none fails by its own code, and no success is told', { timeout: 120_000 }, async () => {
    const binary = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256))
    const report = await target.pipeline.ended(await target.pipeline.drop('binary.log', binary, METADATA), 90)
    expect(report).toMatchObject({ status: 'failed', error: { code: 'NOT_A_LOG' } })
  })

  test('a cancel ends the job before the run', { timeout: 120_000 }, async () => {
    const { pipeline, double } = target
    let begun: (() => void) | undefined
    const seen = new Promise<void>((resolve) => (begun = resolve))
    double.fate = () => {
      begun?.()
      return 'never'
    }
    const runId = await drop('cancelled.log')
    await seen
    await pipeline.request(`/api/runs/${runId}/cancel`, { method: 'POST' })
    const report = await pipeline.ended(runId, 90)
    expect(report).toMatchObject({ status: 'cancelled', error: { code: 'RUN_CANCELLED' } })
    expect(runsOf(runId).map(({ state, code }) => ({ state, code }))).toEqual([{ state: 'TERMINATED', code: 'USER_CANCELED' }])
  })
})

describe('bad input', () => {
  const ended = async (name: string): Promise<Report> => target.pipeline.ended(await drop(name), 90)

  test('an expired token', { timeout: 120_000 }, async () => {
    target.double.tokens.set(TOKEN, 'expired')
    expect(await ended('expired.log')).toMatchObject({ status: 'failed', error: { code: 'DATABRICKS_LOGIN_REFUSED' } })
  })

  test('no permission', { timeout: 120_000 }, async () => {
    target.double.forbidden.add('POST /api/2.2/jobs/run-now')
    expect(await ended('forbidden.log')).toMatchObject({ status: 'failed', error: { code: 'DATABRICKS_FORBIDDEN', cause: expect.stringContaining('run-now') as string } })
  })

  test('a notebook that was deleted', { timeout: 120_000 }, async () => {
    const { objects } = target.double.world
    const [path, notebook] = [...objects].find(([name]) => name.endsWith('/notebooks/bronze'))!
    objects.delete(path)
    try {
      expect(await ended('deleted.log')).toMatchObject({ status: 'failed', error: { code: 'DATABRICKS_NOT_DEPLOYED', fix: expect.stringContaining('deploy databricks') as string } })
    } finally {
      objects.set(path, notebook)
    }
  })

  test('jobs that were deleted', { timeout: 120_000 }, async () => {
    const { jobs } = target.double.world
    const kept = new Map(jobs)
    jobs.clear()
    try {
      expect(await ended('no-jobs.log')).toMatchObject({ status: 'failed', error: { code: 'DATABRICKS_NOT_DEPLOYED' } })
    } finally {
      for (const [id, spec] of kept) jobs.set(id, spec)
    }
  })
})

test('the token stands nowhere: not in records, histories, logs', async () => {
  const { pipeline } = target
  for (const runId of await pipeline.runIds()) {
    for await (const { container, name } of pipeline.store.list('pipeline', `runs/${runId}/`)) expect(await pipeline.text({ container, name })).not.toContain(TOKEN)
  }
  const files = (await readdir(pipeline.dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile() && (file.name.endsWith('.log') || file.parentPath.includes('host')))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect((await readFile(join(file.parentPath, file.name))).includes(TOKEN)).toBe(false)
})
