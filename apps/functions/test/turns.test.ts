import { places, type Report, type RunStatus, TERMINAL } from '@logpipe/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

let pipeline: PipelineHost
beforeAll(async () => {
  pipeline = await PipelineHost.start({ LOGPIPE_PARALLEL_RUNS: '2', 'AzureWebJobs.sourceDropped.Disabled': 'true', LOGPIPE_API_ENTRY: '', LOGPIPE_DUPLICATES: 'process' })
})
afterAll(() => pipeline.stop())

const line = (n: number): string => `Jan  5 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.${n} port 50022 ssh2\n`
const post = (name: string, headers: Record<string, string> = {}) =>
  pipeline.request('/api/runs', { method: 'POST', body: JSON.stringify({ name }), headers: { 'content-type': 'application/json', ...headers } })

/** Most runs that were under way at once. */
function most(reports: readonly Report[]): number {
  const ends = reports.flatMap(({ startedAt, endedAt }) => [[startedAt ?? '', 1] as const, [endedAt ?? '', -1] as const])
  let [now, top] = [0, 0]
  // An end counts before a start of the same millisecond.
  for (const [, step] of ends.sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1])) top = Math.max(top, (now += step))
  return top
}

test('no more runs at once than there are turns, and a folder of many files does not keep another waiting', async () => {
  const many = Array.from({ length: 10 }, (_, i) => `many/${i}.log`)
  const ids = new Map<string, string>()
  for (const [i, name] of [...many, 'single/one.log'].entries()) ids.set(name, await pipeline.drop(name, line(i)))
  for (const name of ids.keys()) expect((await post(name)).status).toBe(202)
  const reports = await Promise.all([...ids.values()].map((runId) => pipeline.ended(runId)))
  expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['succeeded']))
  expect(most(reports)).toBeLessThanOrEqual(2)
  const started = reports.toSorted((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? '')).map(({ source }) => source.name)
  expect(started.indexOf('single/one.log')).toBeLessThan(10) // of eleven, though it came last
  await expect.poll(async () => JSON.parse(String((await pipeline.store.readSmall(places.turns))?.body)) as unknown, { timeout: 10_000 }).toMatchObject({ running: [] })
})

test('a run that is cancelled while it waits never begins, and gives its turn to the next', async () => {
  const ids = [] as string[]
  for (let i = 0; i < 6; i += 1) ids.push(await pipeline.drop(`queue/${i}.log`, line(i)))
  for (let i = 0; i < 6; i += 1) await post(`queue/${i}.log`)
  const cancelled = await pipeline.request(`/api/runs/${ids[5]!}/cancel`, { method: 'POST' })
  expect([202, 409]).toContain(cancelled.status) // it may have ended already
  const statuses = await Promise.all(ids.map(async (runId) => (await pipeline.record(runId, ({ status }) => TERMINAL.has(status))).status))
  expect(statuses.slice(0, 5)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded'])
  expect(statuses[5]).toBe<RunStatus>(cancelled.status === 202 ? 'cancelled' : 'succeeded')
})

describe('Idempotency-Key', () => {
  const send = (key: string, body: string, name = 'by-key.log') =>
    pipeline.request(`/api/runs?name=${name}`, { method: 'POST', body, headers: { 'content-type': 'text/plain', 'idempotency-key': key } })
  const runId = async (answer: Response): Promise<string> => ((await answer.json()) as { data: { runId: string } }).data.runId

  test('the same request again is the same run, though its body would be a new version', async () => {
    const first = await runId(await send('one', line(1)))
    await pipeline.ended(first)
    expect(await runId(await send('one', line(1)))).toBe(first)
    expect(await runId(await send('two', line(1)))).not.toBe(first)
  })

  test('of many at once all get one run', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('three', line(3), 'at-once.log')))
    const ids = new Set(await Promise.all(answers.filter(({ status }) => status === 202).map(runId)))
    expect(ids.size).toBe(1)
    for (const { status } of answers) expect([202, 409]).toContain(status)
  })

  test('another request under a key that is taken is refused', async () => {
    await send('four', line(4))
    const answer = await send('four', line(5))
    expect([answer.status, await answer.json()]).toMatchObject([422, { ok: false, error: { code: 'IDEMPOTENCY_KEY_REUSED' } }])
  })
})
