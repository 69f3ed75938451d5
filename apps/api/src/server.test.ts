import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import { commitPointer, type Manifest, places, type Pointer, toJsonBytes } from '@logpipe/core'
import { type BlobStore, connectBlobService, createBlobStore } from '@logpipe/storage'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServer } from './server.ts'

const KEY = 'k'.repeat(20)
const rows = ['192.0.2.7', '<img src=x onerror=alert(1)>', '2001:db8::1'].map((entity, i) => ({ entity, rank: i + 1 }))
let dir: string
let azurite: Azurite
let store: BlobStore
let server: FastifyInstance
const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers: { host: '127.0.0.1:1', 'x-api-key': KEY, ...headers } })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-api-'))
  azurite = await startAzurite({ dir })
  store = createBlobStore(await connectBlobService(azurite.connection))
  await store.ensureContainers()
  server = createServer({ store, key: KEY })
})
afterAll(async () => {
  await server.close()
  await azurite.stop()
  await rm(dir, { recursive: true })
})

async function publish(slug: string, publishedMs: number): Promise<void> {
  const part = { output: 'anomalies', container: 'gold', name: `_runs/${slug}/r/attempt=1/ml/anomalies.json`, bytes: 1, sha256: 'a'.repeat(64), rows: rows.length }
  const manifest: Manifest = { schema: 'logpipe/manifest/1', runId: `${slug}-run`, layer: 'ml', attempt: 1, engine: 'test', definition: 'x', parts: [part], counts: {}, warnings: [] }
  const ref = places.manifest({ container: 'gold', name: 'ml' }, slug, 'r', 1)
  const pointer: Pointer = { schema: 'logpipe/latest/1', slug, runId: `${slug}-run`, source: { container: 'bronze', name: `${slug}.log`, etag: 'e', bytes: 1 }, sourceModifiedMs: 1, publishedMs, manifests: [{ layer: 'ml', ...ref }] }
  await store.put(part, Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')))
  await store.put(ref, toJsonBytes(manifest))
  await commitPointer(store, pointer)
}

test('before anything is published it says so', async () => {
  expect((await get('/api/anomalies/latest')).statusCode).toBe(404)
})

describe('with published runs', () => {
  beforeAll(async () => {
    await publish('new', 2000)
    await publish('old', 1000)
  })

  test('the anomalies of the run published last, in their order, as data', async () => {
    const answer = await get('/api/anomalies/latest?limit=2')
    expect(answer.headers['content-type']).toContain('application/json')
    expect(answer.json()).toEqual({ ok: true, data: { runId: 'new-run', source: 'new.log', anomalies: rows.slice(0, 2) } })
  })

  test('a source by its slug', async () => {
    expect((await get('/api/sources/old/latest')).json()).toMatchObject({ ok: true, data: { runId: 'old-run' } })
    expect((await get('/api/sources/other/latest')).statusCode).toBe(404)
  })
})

describe('who may ask', () => {
  test.each([
    ['no key', '/api/anomalies/latest', { 'x-api-key': '' }, 401],
    ['a wrong key', '/api/anomalies/latest', { 'x-api-key': 'x'.repeat(20) }, 401],
    ['a rebound host name', '/api/anomalies/latest', { host: 'evil.example.org' }, 403],
    ['a foreign page', '/api/anomalies/latest', { origin: 'https://evil.example.org' }, 403],
    ['a foreign page, open route', '/healthz', { origin: 'https://evil.example.org' }, 403],
    ['health without key', '/healthz', { 'x-api-key': '' }, 200],
    ['a path in the slug', '/api/sources/..%2Fruns%2Fx/latest', {}, 400],
    ['a limit past the cap', '/api/anomalies/latest?limit=100000', {}, 400],
  ])('%s', async (_case, url, headers, status) => {
    expect((await get(url, headers as Record<string, string>)).statusCode).toBe(status)
  })
})

test('while storage is down it answers 503 with a reason', async () => {
  const dead = azurite.connection.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')
  const orphan = createServer({ store: createBlobStore(await connectBlobService(dead)), key: KEY })
  const answer = await orphan.inject({ url: '/api/anomalies/latest', headers: { host: 'localhost', 'x-api-key': KEY } })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ ok: false, error: { code: 'STORAGE_UNREACHABLE' } })
  await orphan.close()
})
