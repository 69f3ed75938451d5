import { places, type Report } from '@logpipe/core'
import { findVersion, readIndex, readModel } from '@logpipe/ml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

let pipeline: PipelineHost
beforeAll(async () => {
  pipeline = await PipelineHost.start()
})
afterAll(() => pipeline.stop())

const metadata = { base_time: '2026-02-01T00:00:00Z' }
const clock = (second: number): string => `Jan  5 10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`
const failed = (second: number, address = '192.0.2.7'): string => `${clock(second)} web-1 sshd[100]: Failed password for root from ${address} port 50022 ssh2\n`
const accepted = (second: number, user: string): string => `${clock(second)} web-1 sshd[101]: Accepted publickey for ${user} from 198.51.100.4 port 1000 ssh2: RSA SHA256:x\n`

const run = async (name: string, text: string, over: Record<string, string> = {}): Promise<Report> => pipeline.ended(await pipeline.drop(name, text, { ...metadata, ...over }))
const json = async (report: Report, output: string): Promise<Record<string, unknown>[]> => {
  const text = await pipeline.text(report.artifacts.find((part) => part.output === output)!)
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
}
const current = async () => readModel(pipeline.store, findVersion(await readIndex(pipeline.store), 'current').files)
const failuresKnown = async () => (await current()).values.filter(({ feature }) => feature === 'failures')

test('each published run teaches the model; a source uploaded anew takes the place of what it taught', async () => {
  const first = await run('web-1/auth.log.1', failed(1) + failed(2) + accepted(3, 'alice'))
  expect(first.stages.find(({ name }) => name === 'learn')).toMatchObject({ status: 'succeeded', counts: { sources: 1 } })
  expect(first.pinned).toMatchObject({ model: null, warnings: [] })
  const second = await run('web-1/auth.log', failed(11, '192.0.2.8') + accepted(13, 'bob'))
  expect(second.pinned?.model?.version).toMatch(/^[0-9a-f]{16}$/)
  expect((await current()).head.lineage.map(({ slug }) => slug).sort()).toEqual([first.slug, second.slug].sort())

  const grown = await run('web-1/auth.log.1', failed(1) + failed(2) + accepted(3, 'alice') + failed(4) + failed(5) + failed(900))
  expect(grown.stages.find(({ name }) => name === 'learn')).toMatchObject({ counts: { sources: 2 } })
  // Four failures are free; the two that the first version taught are not added to the five of the second.
  expect(await failuresKnown()).toEqual([
    { feature: 'failures', value: 0, entities: 3 },
    { feature: 'failures', value: 5, entities: 1 },
  ])
  expect((await current()).logins.map(({ user_name: user, logins }) => [user, logins])).toEqual([['alice', 1], ['bob', 1]])
  // What it taught before is not part of what it is measured against.
  expect(grown.pinned?.model?.parts.find(({ output }) => output === 'known_values')?.rows).toBe((await json(second, 'model_values')).length)
})

test('a file of a stream is given the end of the file before it', async () => {
  const stream = { stream: 'web-9/auth' }
  const before = await run('web-9/auth.log.1', failed(1, '203.0.113.9') + failed(61, '203.0.113.9'), stream)
  const after = await run('web-9/auth.log', failed(181, '203.0.113.9'), stream)
  expect(after.pinned?.stream).toMatchObject({ name: 'web-9/auth', runId: before.runId, parts: [{ output: 'carried', rows: 2 }] })
  const grown = await run('web-9/auth.log', failed(181, '203.0.113.9') + failed(182, '203.0.113.9'), stream)
  expect(grown.pinned?.stream).toMatchObject({ runId: before.runId })
})

test('an attack that rotation cuts in two is found in the second file, which names lines of the first', async () => {
  const stream = { stream: 'web-8/auth' }
  const before = await run('web-8/auth.log.1', failed(1, '203.0.113.9') + failed(61, '203.0.113.9') + failed(121, '203.0.113.9'), stream)
  expect((await json(before, 'anomalies'))[0]).toMatchObject({ flagged: false })
  const after = await run('web-8/auth.log', failed(181, '203.0.113.9') + failed(241, '203.0.113.9'), stream)
  expect(after.pinned?.stream).toMatchObject({ name: 'web-8/auth', runId: before.runId })
  const [attack] = await json(after, 'anomalies')
  expect(attack).toMatchObject({ entity: '203.0.113.9', flagged: true, detections: [{ id: 'brute_force', observed: 5, first_line: -2, last_line: 2 }] })
  expect(attack?.evidence).toContainEqual({ line_no: -2, raw: failed(1, '203.0.113.9').trimEnd() })
  const alone = await run('web-8/other.log', failed(301, '203.0.113.9') + failed(361, '203.0.113.9'))
  expect((await json(alone, 'anomalies'))[0]).toMatchObject({ flagged: false })
})

test('a rerun keeps what was pinned, and gives the same bytes though the model has learnt', async () => {
  const first = await run('rerun.log', failed(1) + accepted(2, 'carol'))
  await run('meanwhile.log', failed(1, '192.0.2.77').repeat(3))
  const answer = await pipeline.request(`/api/runs/${first.runId}/rerun`, { method: 'POST', body: JSON.stringify({ from: 'bronze' }) })
  const { data } = (await answer.json()) as { data: { runId: string } }
  const again = await pipeline.ended(data.runId)
  expect(again.pinned).toEqual(first.pinned)
  expect(again.artifacts.map(({ output, sha256 }) => [output, sha256])).toEqual(first.artifacts.map(({ output, sha256 }) => [output, sha256]))
})

test('a run whose model is spoilt goes on with the last good one, and says so', async () => {
  const index = await readIndex(pipeline.store)
  const { files } = findVersion(index, 'current')
  await pipeline.store.put(files[1]!, Buffer.from('{"feature":"failures","value":0,"entities":1000000}\n'))
  const report = await run('after-the-fault.log', failed(1))
  expect(report.status).toBe('succeeded')
  expect(report.warnings.map(({ code }) => code)).toContain('MODEL_FALLBACK')
  expect(report.pinned?.model?.version).toBe(index.versions[1]?.version)
})

test('a registry that cannot be read leaves a run published, but degraded', async () => {
  const found = (await pipeline.store.readSmall(places.models))!
  await pipeline.store.put(places.models, Buffer.from('{"schema":"logpipe/models/9"}'))
  const report = await run('no-registry.log', failed(1))
  expect(report).toMatchObject({ status: 'degraded', stages: expect.arrayContaining([expect.objectContaining({ name: 'learn', status: 'failed' })]) as object })
  expect(report.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['MODEL_FALLBACK', 'MODEL_NOT_UPDATED']))
  await pipeline.store.put(places.models, found.body)
})

test('a metadata that names no stream fails the run before it begins', async () => {
  expect(await run('odd.log', failed(1), { stream: '../x' })).toMatchObject({ status: 'failed', error: { code: 'SOURCE_SETTING_WRONG' } })
})
