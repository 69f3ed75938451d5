import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { places } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { readJudgements } from '@logpipe/core/judgements'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

let pipeline: PipelineHost
beforeAll(async () => {
  pipeline = await PipelineHost.start()
})
afterAll(() => pipeline.stop())

const line = (second: number, message: string, pid = 100): string => `Jan  5 10:00:${String(second).padStart(2, '0')} web-1 sshd[${pid}]: ${message}`
const failed = (second: number): string => line(second, 'Failed password for root from 192.0.2.7 port 50022 ssh2')
const small = (tag: number): string => [failed(1), failed(2), line(3, `Accepted publickey for deploy from 198.51.100.4 port ${1000 + tag} ssh2: RSA SHA256:x`), ''].join('\n')

const generated = (lines: number): Buffer => Buffer.concat([...generateLog({ seed: 1, lines, start: '2026-01-05T00:00:00Z', days: 1 })])

describe('three ways in', () => {
  test('a blob dropped into bronze becomes a published run', async () => {
    const report = await pipeline.ended(await pipeline.drop('blob.log', small(1)))
    expect(report).toMatchObject({
      status: 'succeeded',
      trigger: 'blob',
      summary: { lines: 3, parsed: 3, quarantined: 0, failedLogins: 2, acceptedLogins: 1 },
      services: [{ name: 'API', state: 'serving', detail: `serves ${report.runId}` }],
    })
    expect(report.stages.map(({ name, status, attempts }) => ({ name, status, attempts }))).toEqual(
      ['bronze', 'silver', 'gold', 'ml', 'validate', 'publish', 'learn', 'services'].map((name) => ({ name, status: 'succeeded', attempts: 1 })),
    )
  })

  test('a log in the body of POST /api/runs is put into bronze and run', async () => {
    const answer = await pipeline.request('/api/runs?name=http/body.log', { method: 'POST', body: small(2), headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(202)
    const { data } = (await answer.json()) as { data: { runId: string; statusUrl: string } }
    expect((await pipeline.ended(data.runId)).source.name).toBe('http/body.log')
    // The record ends a moment before the orchestration does: 202 until then, 200 afterwards.
    await expect.poll(async () => (await fetch(data.statusUrl)).status, { timeout: 10_000 }).toBe(200)
  })

  test('a source without a run, whose event was lost, is found by the timer', async () => {
    await pipeline.host.stop()
    const runId = await pipeline.drop('lost/event.log', small(3))
    await pipeline.startHost({ 'AzureWebJobs.sourceDropped.Disabled': 'true' })
    await pipeline.request('/admin/functions/sourcesWithoutRun', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    expect((await pipeline.ended(runId)).trigger).toBe('timer')
    await expect.poll(async () => JSON.parse(String((await pipeline.store.readSmall(places.sweep))?.body ?? 'null')) as unknown, { timeout: 10_000 }).toMatchObject({ found: 1, refused: 0 })
    await pipeline.host.stop()
    await pipeline.startHost()
  })

  test('all three at once make one run of one version', async () => {
    const before = await pipeline.runIds()
    const runId = await pipeline.drop('at-once.log', small(4))
    const post = () => pipeline.request('/api/runs', { method: 'POST', body: JSON.stringify({ name: 'at-once.log' }), headers: { 'content-type': 'application/json' } })
    const timer = () => pipeline.request('/admin/functions/sourcesWithoutRun', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    const answers = await Promise.all([post(), timer(), post(), timer()])
    for (const answer of answers) expect([202, 204]).toContain(answer.status)
    await pipeline.ended(runId)
    await timer()
    await delay(1500) // several polls of the blob trigger: none may start another run
    expect((await pipeline.runIds()).filter((id) => !before.includes(id))).toEqual([runId])
  })
})

describe('POST /api/runs refuses', () => {
  const json = (body: string) => ({ method: 'POST', body, headers: { 'content-type': 'application/json' } })
  test.each([
    ['a source that is not there', '/api/runs', json('{"name":"nowhere.log"}'), 404, 'BLOB_NOT_FOUND'],
    ['a body that is not JSON', '/api/runs', json('{'), 400, 'REQUEST_NOT_VALID'],
    ['an unknown field', '/api/runs', json('{"name":"a.log","x":1}'), 400, 'REQUEST_NOT_VALID'],
    ['another container', '/api/runs', json('{"name":"a.log","container":"gold"}'), 400, 'REQUEST_NOT_VALID'],
    ['a path upwards', '/api/runs', json('{"name":"../a.log"}'), 400, 'BLOB_NAME_REFUSED'],
    ['our own outputs', '/api/runs', json('{"name":"_runs/a"}'), 400, 'BLOB_NAME_REFUSED'],
    ['a log without a name', '/api/runs', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }, 400, 'REQUEST_NOT_VALID'],
    ['more than 8 MiB', '/api/runs?name=big.log', { method: 'POST', body: 'x'.repeat(8 * 1024 * 1024 + 1), headers: { 'content-type': 'text/plain' } }, 413, 'BODY_TOO_LARGE'],
  ])('%s', async (_case, path, init, status, code) => {
    const answer = await pipeline.request(path, init)
    expect(await answer.json()).toMatchObject({ ok: false, error: { code } })
    expect(answer.status).toBe(status)
  })

  test('a caller without the key', async () => {
    expect((await fetch(new URL('/api/runs', pipeline.host.ready.url), { method: 'POST', body: '{}' })).status).toBe(401)
  })
})

describe('odd sources', () => {
  test('how far a run is can be asked for; of an unknown one nothing is known', async () => {
    const runId = await pipeline.drop('asked.log', small(9))
    await pipeline.ended(runId)
    const stages = async (id: string) => ((await (await pipeline.request(`/api/runs/${id}`)).json()) as { data: { stages: { name: string; status: string }[] | null } }).data.stages
    await expect.poll(() => stages(runId)).toMatchObject([{ name: 'bronze', status: 'succeeded' }, { name: 'silver', counts: { parsed: 3 } }, {}, {}, {}, {}, {}, { name: 'services', status: 'succeeded' }])
    expect(await stages('no-such-run')).toBeNull()
  })

  test('what a person says of an entity is kept until it is taken back', async () => {
    const ask = (method: string, body: object) => pipeline.request('/api/judgements', { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const said = { kind: 'dismiss', entity_kind: 'address', entity: '192.0.2.200', days: 30, reason: 'our own scanner', author: 'analyst' }
    expect((await ask('POST', said)).status).toBe(201)
    expect(await readJudgements(pipeline.store)).toMatchObject([{ entity: '192.0.2.200', host: null, id: null, author: 'analyst' }])
    expect((await ask('POST', { ...said, days: 0 })).status).toBe(400)
    expect(await (await ask('DELETE', { entity: '192.0.2.200' })).json()).toMatchObject({ ok: true, data: { revoked: [{ entity: '192.0.2.200' }] } })
    expect(await readJudgements(pipeline.store)).toEqual([])
  })

  test('an empty file succeeds with a warning and valid, empty outputs', async () => {
    const report = await pipeline.ended(await pipeline.drop('empty.log', ''))
    expect(report.status).toBe('succeeded')
    expect(report.warnings.map(({ code }) => code)).toContain('EMPTY_SOURCE')
    const gold = report.artifacts.find((part) => part.output === 'activity_by_address')!
    expect((await pipeline.text(gold)).trim().split('\n')).toHaveLength(1)
  })

  test('gzip is known by its content and gives the same data as the plain file', async () => {
    const log = generated(400)
    const metadata = { base_time: '2026-02-01T00:00:00Z', until: 'ml' } // of two that publish the second takes over from the first
    const [plain, zipped] = await Promise.all([pipeline.drop('same.log', log, metadata), pipeline.drop('same-zipped', gzipSync(log), metadata)])
    const hashes = async (runId: string) => (await pipeline.ended(runId)).artifacts.filter((part) => part.container === 'silver' || part.output.startsWith('activity')).map(({ output, sha256 }) => ({ output, sha256 }))
    expect(await hashes(zipped)).toEqual(await hashes(plain))
  })

  test('a binary ends its run as failed, with the blob untouched and the mend named', async () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256))
    const report = await pipeline.ended(await pipeline.drop('program.bin', bytes))
    expect(report).toMatchObject({ status: 'failed', error: { code: 'NOT_A_LOG' } })
    expect(await pipeline.store.stat({ container: 'bronze', name: 'program.bin' })).toMatchObject({ bytes: bytes.byteLength })
    expect(await pipeline.store.readSmall({ container: 'pipeline', name: `latest/${report.slug}.json` })).toBeNull()
  })

  test('local times without a zone are taken as UTC, with a warning unless UTC was chosen', async () => {
    const assumed = await pipeline.ended(await pipeline.drop('zone-assumed.log', small(5)))
    expect(assumed.warnings.map(({ code }) => code)).toEqual(['TIMEZONE_ASSUMED'])
    const chosen = await pipeline.ended(await pipeline.drop('zone-chosen.log', small(6), { timezone: 'UTC' }))
    expect(chosen.warnings).toEqual([])
  })

  test.each([{ timezone: 'Mars/Olympus' }, { base_time: 'yesterday' }])('metadata that cannot be used ends the run as failed: %s', async (metadata) => {
    const [setting, value] = Object.entries(metadata)[0]!
    const report = await pipeline.ended(await pipeline.drop(`setting-${setting}.log`, small(7), metadata))
    expect(report).toMatchObject({ status: 'failed', error: { code: 'SOURCE_SETTING_WRONG', cause: expect.stringContaining(`${setting} of setting-${setting}.log is "${value}"`) as string } })
  })

  test('lines that cannot be parsed go to quarantine with reason and offset', async () => {
    const report = await pipeline.ended(await pipeline.drop('mixed.log', `${failed(1)}\nnot a log line\n${failed(2)}\n${failed(3)}\n`))
    expect(report.summary).toMatchObject({ lines: 4, parsed: 3, quarantined: 1 })
    const quarantine = await pipeline.text(report.artifacts.find((part) => part.output === 'quarantine')!)
    expect(JSON.parse(quarantine)).toMatchObject({ line_no: 2, byte_offset: failed(1).length + 1, byte_length: 15, reason: 'no_header', raw: 'not a log line' })
  })
})

test('the same source gives the same bytes', async () => {
  const log = generated(600)
  const metadata = { base_time: '2026-02-01T00:00:00Z', until: 'ml' } // of two that publish the second takes over from the first
  const first = await pipeline.ended(await pipeline.drop('again.log', log, metadata))
  const second = await pipeline.ended(await pipeline.drop('again.log', log, metadata))
  expect(second.runId).not.toBe(first.runId)
  expect(second.artifacts.map(({ output, sha256 }) => ({ output, sha256 }))).toEqual(first.artifacts.map(({ output, sha256 }) => ({ output, sha256 })))
})

test('a host killed in the middle of a run is followed by one that finishes it', async () => {
  const runId = await pipeline.drop('killed.log', generated(20_000))
  const deadline = Date.now() + 30_000
  while (!(await pipeline.runIds()).includes(runId)) {
    if (Date.now() > deadline) throw new Error('the run did not start')
    await delay(5)
  }
  process.kill(pipeline.host.pid, 'SIGKILL')
  await pipeline.host.exited
  await pipeline.startHost()
  const report = await pipeline.ended(runId)
  expect(report.status).toBe('succeeded')
  expect(report.summary.lines).toBe(report.summary.parsed + report.summary.quarantined)
  // Killed before its first stage or in it: both are fine, and the second process is told in any case.
  expect(report.workers.length).toBeGreaterThan(0)
})
