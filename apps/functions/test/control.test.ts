import { admit, LogpipeError, readRecord, type Report, updateRecord } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { supervised } from '../src/activities/supervised.ts'
import type { App } from '../src/compose.ts'
import { PipelineHost } from './pipeline-host.ts'

let pipeline: PipelineHost
beforeAll(async () => {
  pipeline = await PipelineHost.start({ LOGPIPE_DUPLICATES: 'process' }) // runs of the same bytes are compared
})
afterAll(() => pipeline.stop())

const BASE_TIME = { base_time: '2026-02-01T00:00:00Z' }
const log = (lines: number): Buffer => Buffer.concat([...generateLog({ seed: 3, lines, start: '2026-01-05T00:00:00Z', days: 1 })])
const post = async (path: string, body: object = {}): Promise<{ status: number; data: { runId: string }; error: { code: string } }> => {
  const answer = await pipeline.request(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  return { status: answer.status, ...((await answer.json()) as { data: { runId: string }; error: { code: string } }) }
}
const hashes = ({ artifacts }: Report): Record<string, string> => Object.fromEntries(artifacts.map(({ output, sha256 }) => [output, sha256]))
const stages = ({ stages: all }: Report): Record<string, string> => Object.fromEntries(all.map(({ name, status }) => [name, status]))

describe('cancel', () => {
  test('reaches the stage that runs, leaves nothing visible, and a retry goes on from there to the bytes of an undisturbed run', async () => {
    const bytes = log(60_000)
    const runId = await pipeline.drop('cancelled.log', bytes, BASE_TIME)
    await pipeline.record(runId, ({ workers }) => workers.length > 0)
    expect((await post(`/api/runs/${runId}/cancel`)).status).toBe(202)
    const report = await pipeline.ended(runId)
    expect(report).toMatchObject({ status: 'cancelled', error: { code: 'RUN_CANCELLED' } })
    expect(Object.values(stages(report))).toContain('failed')
    expect(await pipeline.store.readSmall({ container: 'pipeline', name: `latest/${report.slug}.json` })).toBeNull()

    const { data } = await post(`/api/runs/${runId}/rerun`)
    expect(data.runId).toBe(`${runId}-r2`)
    const retried = await pipeline.ended(data.runId)
    expect(retried.status).toBe('succeeded')
    const undisturbed = await pipeline.ended(await pipeline.drop('cancelled.log', bytes, BASE_TIME))
    expect(undisturbed.runId).not.toBe(retried.runId)
    expect(hashes(retried)).toEqual(hashes(undisturbed))
  })

  test('an ended run is not cancelled', async () => {
    const runId = await pipeline.drop('ended.log', log(100), BASE_TIME)
    await pipeline.ended(runId)
    expect(await post(`/api/runs/${runId}/cancel`)).toMatchObject({ status: 409, error: { code: 'RUN_ENDED' } })
    expect(await post('/api/runs/nothing-0/cancel')).toMatchObject({ status: 404, error: { code: 'RUN_NOT_FOUND' } })
  })
})

describe('rerun', () => {
  test('from gold takes over bronze and silver and gives the very same bytes', async () => {
    const first = await pipeline.ended(await pipeline.drop('rerun.log', log(2000), BASE_TIME))
    const again = await pipeline.ended((await post(`/api/runs/${first.runId}/rerun`, { from: 'gold' })).data.runId)
    expect(stages(again)).toMatchObject({ bronze: 'reused', silver: 'reused', gold: 'succeeded', publish: 'succeeded' })
    expect(hashes(again)).toEqual(hashes(first))
    expect(again.params).toEqual(first.params)
    expect(again.artifacts.find(({ output }) => output === 'events')?.name).toBe(first.artifacts.find(({ output }) => output === 'events')?.name)
    expect(again.artifacts.find(({ output }) => output === 'anomalies')?.name).toContain(again.runId)
    expect(JSON.parse(String((await pipeline.store.readSmall({ container: 'pipeline', name: `latest/${first.slug}.json` }))?.body))).toMatchObject({ runId: again.runId })
  })

  test('a run that ends with silver publishes nothing, and the rest can be done later', async () => {
    const half = await pipeline.ended(await pipeline.drop('half.log', log(500), { ...BASE_TIME, until: 'silver' }))
    expect(half.status).toBe('succeeded')
    expect(stages(half)).toMatchObject({ silver: 'succeeded', gold: 'skipped', publish: 'skipped' })
    expect(await pipeline.store.readSmall({ container: 'pipeline', name: `latest/${half.slug}.json` })).toBeNull()
    const rest = await pipeline.ended((await post(`/api/runs/${half.runId}/rerun`)).data.runId)
    expect(stages(rest)).toMatchObject({ bronze: 'reused', silver: 'reused', gold: 'succeeded', publish: 'succeeded' })
    expect(await post(`/api/runs/${half.runId}/rerun`, { from: 'ml' })).toMatchObject({ status: 409, error: { code: 'STAGE_NOT_REUSABLE' } })
  })

  test.each([{ from: 'nowhere' }, { from: 'ml', until: 'gold' }, { x: 1 }])('%s is refused', async (body) => {
    expect(await post('/api/runs/any-1/rerun', body)).toMatchObject({ status: 400, error: { code: 'REQUEST_NOT_VALID' } })
  })
})

describe('work on a stage', () => {
  const source = (name: string) => ({ container: 'bronze', name, etag: 'e', bytes: 1 })
  const fake = (worker: string, stageTimeoutSeconds = 60): App => ({ store: pipeline.store, worker, config: { stageTimeoutSeconds } }) as unknown as App
  const record = async (name: string): Promise<string> =>
    (await admit({ store: pipeline.store, clock: { now: () => 0 }, account: 'a' }, source(name), 'http', { timezone: 'UTC', timezoneAssumed: false, baseTimeMs: 0, stream: null })).record.runId
  const forever = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted'))))

  test('is ended when its time is over', async () => {
    const runId = await record('slow')
    await expect(supervised(fake('a', 0.05), { runId, stage: 'silver', attempt: 1, manifests: [] }, forever)).rejects.toMatchObject({ code: 'TIMED_OUT' })
  })

  test('is not begun for a run that was cancelled; what is published goes on', async () => {
    const runId = await record('stopped')
    await updateRecord(pipeline.store, runId, (current) => ({ ...current, cancelRequestedAt: '2026-01-01T00:00:00Z' }))
    const never = () => Promise.reject(new LogpipeError('STAGE_FAILED'))
    await expect(supervised(fake('a'), { runId, stage: 'silver', attempt: 1, manifests: [] }, never)).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(await supervised(fake('a'), { runId, stage: 'services', attempt: 1, manifests: [] }, () => Promise.resolve('served'))).toBe('served')
  })

  test('notes each process once', async () => {
    const runId = await record('resumed')
    for (const worker of ['a', 'a', 'b']) await supervised(fake(worker), { runId, stage: 'gold', attempt: 1, manifests: [] }, () => Promise.resolve())
    expect((await readRecord(pipeline.store, runId)).workers).toEqual(['a', 'b'])
  })
})
