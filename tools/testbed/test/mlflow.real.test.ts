import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import type { ObjectStore, Part } from '@logpipe/core'
import { createMlflowClient, drainOutbox, enqueueTracking, type Tracking } from '@logpipe/ml'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MlflowServer, readBack, startMlflow } from '../src/mlflow/index.ts'

const MODEL = 'logpipe-openssh'
const EXPERIMENT = 'logpipe real test'
const RESULTS = new URL('../.results/', import.meta.url)
const seconds: Record<string, number> = {}

let dir: string
let azurite: Azurite
let server: MlflowServer
let store: ObjectStore
let nowMs = Date.parse('2026-02-01T12:00:00Z')

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const value = await work()
  seconds[name] = Math.round((performance.now() - started) / 100) / 10
  return value
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-mlflow-'))
  azurite = await startAzurite({ dir: join(dir, 'azurite') })
  store = createBlobStore(await connectBlobService(azurite.connection))
  await store.ensureContainers()
  server = await timed('install and start', () => startMlflow(join(dir, 'mlflow')))
})

afterAll(async () => {
  await server?.stop()
  await azurite?.stop()
  await rm(dir, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(new URL('mlflow-figures.json', RESULTS), `${JSON.stringify(seconds, null, 2)}\n`)
})

const client = (over: object = {}) => createMlflowClient({ ...server, experiment: EXPERIMENT, timeoutMs: 120_000, ...over })
const drain = (over: object = {}, current: string | null = null) =>
  drainOutbox(store, client(over), { now: () => nowMs, signal: AbortSignal.timeout(600_000), current: current === null ? null : { name: MODEL, version: current } })
const text = (name: string, version: string): string => `{"file":"${name}","of":"${version}"}\n`

async function part(name: string, version: string): Promise<Part> {
  const body = Buffer.from(text(name, version))
  const ref = { container: 'pipeline', name: `models/openssh/versions/${version}/${name}` }
  await store.put(ref, body)
  return { ...ref, output: name, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), rows: null }
}

async function tracking(runId: string, version: string): Promise<Tracking> {
  const files = ['model.json', 'model_values.json', 'model_logins.json', 'model_hours.json']
  return {
    runId,
    startedAt: '2026-02-01T11:59:00.000Z',
    endedAt: '2026-02-01T11:59:07.500Z',
    params: { method: 'ecod_right_tail', 'threshold.rule': 'tukey_upper_fence', features: 'attempts,users,span' },
    metrics: { entities: 30, flagged: 2, 'drift.attempts': 0.125 },
    tags: { 'logpipe.source': 'web-1/sshd.log' },
    artifacts: await Promise.all(files.map(async (name) => ({ path: `model/${name}`, part: await part(name, version) }))),
    model: { name: MODEL, version, path: 'model' },
  }
}
const enqueue = async (runId: string, version: string) => enqueueTracking(store, await tracking(runId, version), nowMs)
const values = (pairs: readonly { key: string; value: unknown }[]) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]))

const [FIRST, SECOND, THIRD] = ['00000000000000a1', '00000000000000b2', '00000000000000c3'] as const

/** One finished run with everything, one version that names it, the alias on it. */
async function expectTracked(runId: string, version: string): Promise<void> {
  const asked = readBack(server)
  const experiment = await asked.experimentId(EXPERIMENT)
  const runs = (await asked.runs(experiment)).filter(({ info }) => info.run_name === runId)
  expect(runs.map(({ info }) => [info.status, info.start_time, info.end_time])).toEqual([['FINISHED', Date.parse('2026-02-01T11:59:00Z'), Date.parse('2026-02-01T11:59:07.5Z')]])
  const { info, data } = runs[0]!
  expect(values(data.params)).toEqual({ method: 'ecod_right_tail', 'threshold.rule': 'tukey_upper_fence', features: 'attempts,users,span' })
  expect(values(data.metrics)).toEqual({ entities: 30, flagged: 2, 'drift.attempts': 0.125 })
  expect(values(data.tags)).toMatchObject({ 'logpipe.run_id': runId, 'logpipe.source': 'web-1/sshd.log' })
  expect(await asked.metricHistory(info.run_id, 'flagged')).toHaveLength(1)
  const files = await asked.artifacts(info.run_id, 'model')
  expect(files.map(({ path }) => path).sort()).toEqual(['model/model.json', 'model/model_hours.json', 'model/model_logins.json', 'model/model_values.json'])
  expect(await asked.artifact(experiment, info.run_id, 'model/model_logins.json')).toBe(text('model_logins.json', version))
  const versions = (await asked.versions(MODEL)).filter(({ tags }) => values(tags)['logpipe.model_version'] === version)
  expect(versions).toMatchObject([{ run_id: info.run_id, status: 'READY', source: `mlflow-artifacts:/${experiment}/${info.run_id}/artifacts/model` }])
}
const aliased = async () => values((await readBack(server).aliased(MODEL, 'current')).tags)['logpipe.model_version']

test('a run is tracked: parameters, metrics, tags, files, model version and alias are read back', async () => {
  await enqueue('run-a', FIRST)
  expect(await timed('track one run', () => drain({}, FIRST))).toEqual({ tracked: ['run-a'], waiting: [], givenUp: [], reason: null })
  await expectTracked('run-a', FIRST)
  expect(await aliased()).toBe(FIRST)
})

test('tracked again, also by four at once, nothing is doubled', async () => {
  await enqueue('run-a', FIRST)
  await drain({}, FIRST)
  await Promise.all(Array.from({ length: 4 }, async () => {
    await enqueue('run-b', SECOND)
    await drain({}, SECOND)
  }))
  await expectTracked('run-a', FIRST)
  await expectTracked('run-b', SECOND)
  expect(await readBack(server).runs(await readBack(server).experimentId(EXPERIMENT))).toHaveLength(2)
  expect(await readBack(server).versions(MODEL)).toHaveLength(2)
  expect(await aliased()).toBe(SECOND)
})

test('twins of a create that came late become one', async () => {
  const signal = AbortSignal.timeout(300_000)
  const experiment = await client().api(signal).experimentId('logpipe twins')
  await enqueue('run-twin', FIRST)
  await drain({ experiment: 'logpipe twins' })
  const [done] = await readBack(server).runs(experiment)
  const tags = done!.data.tags.filter(({ key }) => key.startsWith('logpipe.'))
  for (const start_time of [1, 2]) await readBack(server).post('mlflow/runs/create', { experiment_id: experiment, run_name: 'run-twin', start_time, tags })
  expect(await readBack(server).runs(experiment)).toHaveLength(3)
  await enqueue('run-twin', FIRST)
  await drain({ experiment: 'logpipe twins' })
  expect((await readBack(server).runs(experiment)).map(({ info }) => info.run_id)).toEqual([done!.info.run_id])
})

test('an experiment and a model that several make at once are one', async () => {
  const signal = AbortSignal.timeout(300_000)
  const ids = await Promise.all(Array.from({ length: 6 }, async () => {
    await client().api(signal).ensureModel('logpipe-race')
    return client().api(signal).experimentId('logpipe race')
  }))
  expect(new Set(ids).size).toBe(1)
})

test('the alias goes back with the registry', async () => {
  await drain({}, FIRST)
  expect(await aliased()).toBe(FIRST)
})

test('a wrong password leaves the entry where it is, and is in no message', async () => {
  await enqueue('run-c', THIRD)
  const said = await drain({ password: 'canary-0123456789' })
  expect(said).toMatchObject({ tracked: [], waiting: ['run-c'], reason: expect.stringContaining('MLflow refused the login') as string })
  expect(JSON.stringify(said)).not.toContain('canary')
})

test('a server that is down delays, and gets all when it is up again', async () => {
  await timed('stop', () => server.stop())
  nowMs += 3_600_000
  expect(await drain()).toMatchObject({ tracked: [], waiting: ['run-c'], reason: expect.stringContaining('MLflow does not answer') as string })
  await timed('start again', () => server.restart())
  nowMs += 3_600_000
  expect(await drain({}, THIRD)).toEqual({ tracked: ['run-c'], waiting: [], givenUp: [], reason: null })
  await expectTracked('run-c', THIRD)
  expect(await aliased()).toBe(THIRD)
})

test('a deleted experiment is told as what it is', async () => {
  const asked = readBack(server)
  await asked.post('mlflow/experiments/delete', { experiment_id: await asked.experimentId('logpipe twins') })
  await expect(client().api(AbortSignal.timeout(60_000)).experimentId('logpipe twins')).rejects.toThrow('restore it')
})
