import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { places, readRecord, toJsonBytes } from '@logpipe/core'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anomalyRow, KEY, publish, serve, startStorage } from '../test/served.ts'
import { connectBlobService, createBlobStore } from '@logpipe/storage'

const HOSTILE = '<img src=x onerror=alert(1)>'
const ENTITIES = ['192.0.2.7', HOSTILE, '2001:db8::1']
let storage: Awaited<ReturnType<typeof startStorage>>
let server: FastifyInstance
const get = (url: string, headers: Record<string, string> = {}, from = server) => from.inject({ url, headers: { host: '127.0.0.1:1', 'x-api-key': KEY, ...headers } })

beforeAll(async () => {
  storage = await startStorage()
  server = await serve(storage.store)
})
afterAll(async () => {
  await server.close()
  await storage.stop()
})

test('before anything is published it says so', async () => {
  const answer = await get('/api/runs/latest/anomalies')
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toMatchObject({ ok: false, error: { code: 'NOTHING_PUBLISHED' } })
  expect((await server.inject({ method: 'POST', url: '/score', headers: { host: 'localhost', 'x-api-key': KEY }, payload: { lines: ['x'] } })).json()).toMatchObject({ error: { code: 'NOTHING_PUBLISHED' } })
})

describe('with published runs', () => {
  beforeAll(async () => {
    const csv = 'host,address,failures,successes\nweb-1,192.0.2.7,9,0\nweb-1,192.0.2.8,100,1\nweb-1,"a ""b"",\nc",,0\n'
    const rows = [anomalyRow(ENTITIES[0]!), anomalyRow(ENTITIES[1]!, { entity_kind: 'user', severity: 'medium', rank: 2 }), anomalyRow(ENTITIES[2]!, { flagged: false, severity: 'info', rank: null })]
    await publish(storage.store, 'new', 2000, { 'anomalies.json': rows.join(''), 'activity_by_address.csv': csv })
    await publish(storage.store, 'old', 1000, { 'anomalies.json': anomalyRow('198.51.100.1') })
    await delay(600) // what was read before anything was published may be half a second old
  })

  test('the flagged ones of the run published last, as data, without what is large', async () => {
    const { runId, total, anomalies } = (await get('/api/runs/latest/anomalies')).json<{ data: { runId: string; total: number; anomalies: Record<string, unknown>[] } }>().data
    expect([runId, total]).toEqual(['new-run', 2])
    expect(anomalies.map(({ entity, number }) => [number, entity])).toEqual([[1, '192.0.2.7'], [2, HOSTILE]])
    expect(anomalies[0]).toMatchObject({ evidence_lines: 1 })
    expect(anomalies[0]).not.toHaveProperty('evidence')
  })

  test.each([
    ['all=true', 3],
    ['severity=high', 1],
    ['kind=user', 1],
    ['detection=brute_force', 2],
    ['q=IMG', 1],
    ['limit=1&offset=1', 2],
  ])('anomalies with %s', async (query, total) => {
    expect((await get(`/api/runs/new-run/anomalies?${query}`)).json()).toMatchObject({ data: { total } })
  })

  test('one with its evidence', async () => {
    expect((await get('/api/runs/latest/anomalies/2')).json()).toMatchObject({ data: { anomaly: { entity: HOSTILE, evidence: [{ line_no: 1 }], contributions: [{ feature: 'failures' }] }, judgements: [] } })
    expect((await get('/api/runs/latest/anomalies/9')).json()).toMatchObject({ error: { code: 'ANOMALY_NOT_FOUND' } })
  })

  test.each([
    ['', ['192.0.2.7', '192.0.2.8', 'a "b",\nc'], 3],
    ['sort=-failures&limit=2', ['192.0.2.8', '192.0.2.7'], 3],
    ['limit=1&offset=1', ['192.0.2.8'], 3],
  ])('a table of gold with %j', async (query, addresses, total) => {
    const { data } = (await get(`/api/runs/latest/tables/activity_by_address?${query}`)).json<{ data: { total: number; rows: { address: string }[] } }>()
    expect([data.rows.map(({ address }) => address), data.total]).toEqual([addresses, total])
  })

  test('a file as it lies there', async () => {
    const answer = await get('/api/runs/old-run/files/anomalies')
    expect(answer.body).toBe(anomalyRow('198.51.100.1'))
    expect(answer.headers['content-disposition']).toBe('attachment; filename="anomalies.json"')
  })

  test('runs, and one of them', async () => {
    expect((await get('/api/runs?limit=1')).json()).toMatchObject({ data: { total: 2, counts: { succeeded: 2 } } })
    expect((await get('/api/runs?status=failed')).json()).toMatchObject({ data: { total: 0, runs: [] } })
    expect((await get('/api/runs/new-run')).json()).toMatchObject({ data: { record: { runId: 'new-run' }, report: null, published: true } })
    expect((await get('/api/runs/no-run')).json()).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } })
  })

  test('whom to block: an address that did not log in', async () => {
    expect((await get('/api/decisions?run=new-run')).json()).toMatchObject({ data: { decisions: [{ address: '192.0.2.7' }] } })
    expect((await get('/api/decisions?run=new-run&format=csv')).body).toContain('192.0.2.7,high,brute_force')
  })

  test('a source by its slug', async () => {
    expect((await get('/api/sources/old/latest')).json()).toMatchObject({ ok: true, data: { runId: 'old-run' } })
    expect((await get('/api/sources/other/latest')).statusCode).toBe(404)
  })

  test('a run as events, until its end', async () => {
    const record = { ...(await readRecord(storage.store, 'new-run')), runId: 'live-run', status: 'running' as const, endedAt: null }
    const put = (status: 'running' | 'succeeded') => storage.store.put(places.record('live-run'), toJsonBytes({ ...record, status }), { status })
    await put('running')
    const answer = get('/api/runs/live-run/events')
    await delay(300)
    await put('succeeded')
    const statuses = [...(await answer).body.matchAll(/^data: (.*)$/gm)].map(([, data]) => (JSON.parse(data!) as { status: string }).status)
    expect(statuses).toEqual(['running', 'succeeded'])
  })

  test('its description names every route, with the schemas of the answers', async () => {
    const document = (await get('/openapi.json')).json<{ paths: Record<string, object>; components: { schemas: Record<string, object> } }>()
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/score', '/api/runs/{run}/anomalies', '/api/runs/{run}/tables/{table}']))
    expect(document.paths['/api/runs/{run}']).toMatchObject({ get: { responses: { 200: { content: { 'application/json': { schema: { properties: { data: { $ref: '#/components/schemas/Run' } } } } } } } } })
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Run', 'Anomaly', 'row_activity_by_address']))
  })

  test('figures count requests by route', async () => {
    await get('/api/sources/other/latest')
    expect((await get('/metrics')).body).toMatch(/logpipe_api_requests_total\{route="GET \/api\/sources\/:slug\/latest",status="404"\} \d+/)
  })
})

describe('who may ask', () => {
  test.each([
    ['no key', '/api/runs', { 'x-api-key': '' }, 401],
    ['a wrong key', '/api/runs', { 'x-api-key': 'x'.repeat(24) }, 401],
    ['the key as Bearer', '/api/runs', { 'x-api-key': '', authorization: `Bearer ${KEY}` }, 200],
    ['a forged cookie', '/api/runs', { 'x-api-key': '', cookie: `logpipe_1=${Date.now() + 1e6}.abc.def` }, 401],
    ['a rebound host name', '/api/runs', { host: 'evil.example.org' }, 403],
    ['a foreign page', '/api/runs', { origin: 'https://evil.example.org' }, 403],
    ['a foreign page, open route', '/healthz', { origin: 'https://evil.example.org' }, 403],
    ['figures without key', '/metrics', { 'x-api-key': '' }, 401],
    ['health without key, by a probe', '/health', { 'x-api-key': '', host: '10.0.0.9:8080' }, 200],
    ['readiness without key', '/ready', { 'x-api-key': '' }, 200],
    ['a path in the slug', '/api/sources/..%2Fruns%2Fx/latest', {}, 400],
    ['a path in the run', '/api/runs/..%2Fx', {}, 400],
    ['a limit past the cap', '/api/runs?limit=100000', {}, 400],
    ['no such route', '/nothing', {}, 404],
  ])('%s', async (_case, url, headers, status) => {
    expect((await get(url, headers as Record<string, string>)).statusCode).toBe(status)
  })

  test('the key gives a session, for this port only, that no script can read', async () => {
    const signIn = (key: string) => server.inject({ method: 'POST', url: '/api/session', headers: { host: 'localhost:7' }, payload: { key } })
    expect((await signIn('wrong')).statusCode).toBe(401)
    const cookie = String((await signIn(KEY)).headers['set-cookie'])
    expect(cookie).toMatch(/^logpipe_7=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
    const own = { 'x-api-key': '', cookie: cookie.split(';')[0]! }
    expect((await get('/api/session', { ...own, host: 'localhost:7' })).json()).toEqual({ ok: true, data: { signedIn: true, control: false } })
    expect((await get('/api/session', { ...own, host: 'localhost:8' })).statusCode).toBe(401)
  })

  test('Entra: tokens of the tenant for this application read, the role changes', async () => {
    const { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } = await import('jose')
    const [ours, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
    const guarded = await serve(storage.store, { key: '', entra: { tenant: 'tenant', audience: 'api://logpipe', keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(ours.publicKey)), alg: 'RS256' }] }) } })
    const token = (pair: typeof ours, audience: string, roles: string[] = []) =>
      new SignJWT({ roles }).setProtectedHeader({ alg: 'RS256' }).setIssuer('https://login.microsoftonline.com/tenant/v2.0').setAudience(audience).setExpirationTime('5m').sign(pair.privateKey)
    const ask = async (bearer: string, method: 'GET' | 'POST' = 'GET', url = '/api/session') =>
      (await guarded.inject({ method, url, headers: { host: 'localhost', authorization: `Bearer ${bearer}` } })).statusCode
    expect(await ask(await token(ours, 'api://logpipe'))).toBe(200)
    expect(await ask(await token(other, 'api://logpipe'))).toBe(401)
    expect(await ask(await token(ours, 'api://other'))).toBe(401)
    expect(await ask(await token(ours, 'api://logpipe'), 'POST', '/api/runs/some-run/cancel')).toBe(403)
    expect(await ask(await token(ours, 'api://logpipe', ['logpipe.operator']), 'POST', '/api/runs/some-run/cancel')).toBe(503) // no functions app
    await guarded.close()
  })

  test('past the limit of a minute: 429 with a code', async () => {
    const narrow = await serve(storage.store, { ratePerMinute: 3 })
    const statuses = []
    for (let i = 0; i < 4; i += 1) statuses.push((await get('/healthz', {}, narrow)).statusCode)
    expect(statuses).toEqual([200, 200, 200, 429])
    expect((await get('/healthz', {}, narrow)).json()).toMatchObject({ ok: false, error: { code: 'TOO_MANY_REQUESTS' } })
    await narrow.close()
  })
})

test('what changes something goes to the functions app with its key, which does not come back', async () => {
  const asked: { url: string; key: unknown; body: string }[] = []
  const functions = createHttpServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push({ url: `${request.method} ${request.url}`, key: request.headers['x-functions-key'], body })
      response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, data: { runId: 'a-r2', statusUrl: 'http://h/?code=secret' } }))
    })
  }).listen(0, '127.0.0.1')
  await once(functions, 'listening')
  const url = `http://127.0.0.1:${(functions.address() as AddressInfo).port}`
  const control = await serve(storage.store, { functions: { url, key: 'functions-key' } })
  const post = (path: string, payload: object | string = {}, type = 'application/json') => control.inject({ method: 'POST', url: path, headers: { host: 'localhost', 'x-api-key': KEY, 'content-type': type }, payload })
  const answers = [await post('/api/runs/a/cancel'), await post('/api/runs/a/retry'), await post('/api/runs/a/rerun', { from: 'gold' }), await post('/api/runs?name=x.log', 'a line', 'text/plain')]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202])
  expect(answers[0]!.json()).toEqual({ ok: true, data: { runId: 'a-r2' } })
  expect(asked).toEqual([
    { url: 'POST /api/runs/a/cancel', key: 'functions-key', body: '{}' },
    { url: 'POST /api/runs/a/rerun', key: 'functions-key', body: '{}' },
    { url: 'POST /api/runs/a/rerun', key: 'functions-key', body: '{"from":"gold"}' },
    { url: 'POST /api/runs?name=x.log', key: 'functions-key', body: 'a line' },
  ])
  expect((await post('/api/runs/a/rerun', { from: 'nowhere' })).statusCode).toBe(400)
  functions.close()
  functions.closeAllConnections()
  expect((await post('/api/runs/a/cancel')).json()).toMatchObject({ error: { code: 'FUNCTIONS_UNREACHABLE' } })
  await control.close()
})

test('while storage is down it answers 503 with a reason', async () => {
  const dead = storage.azurite.connection.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')
  const orphan = await serve(createBlobStore(await connectBlobService(dead)))
  for (const url of ['/api/runs/latest/anomalies', '/ready']) {
    const answer = await get(url, {}, orphan)
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ ok: false, error: { code: 'STORAGE_UNREACHABLE' } })
  }
  expect((await get('/health', {}, orphan)).statusCode).toBe(200)
  await orphan.close()
})
