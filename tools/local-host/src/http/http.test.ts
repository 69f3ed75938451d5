import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HostProcess, startHostProcess, tempHome } from '../../test/host-process.ts'

const home = tempHome()
let host: HostProcess

beforeAll(async () => {
  host = await startHostProcess('triggers', home, { env: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' } })
})
afterAll(async () => {
  expect(await host.stop()).toBe(0)
  expect(home.effects().at(-1)).toBe('appTerminate')
  home.remove()
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(host.url + path, { headers })

/** fetch may not set Host and Origin. */
const raw = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(host.url + path, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

test('settings of local.settings.json are in the environment', async () => {
  expect(await (await get('/app/open')).text()).toBe('from the file')
})

test('a route gives its parameters, and the response its status, headers, cookies and body', async () => {
  const response = await fetch(`${host.url}/app/Items/12/a%20b/c?q=x%26y`, { method: 'PUT', headers: { 'x-sent': 'seen' }, body: 'text' })
  expect(response.status).toBe(201)
  expect(response.headers.get('x-seen')).toBe('seen')
  expect(response.headers.get('set-cookie')).toBe('c=a%20b; HttpOnly')
  expect(await response.json()).toEqual({ params: { id: '12', path: 'a b/c' }, q: 'x&y', body: 'text', method: 'PUT' })
})

test('a literal route goes before one with parameters', async () => {
  expect(await (await get('/app/items/7/exact')).text()).toBe('the literal')
})

test.each([
  ['/app/none', 'GET'],
  ['/open', 'GET'],
  ['/app/items/twelve/x', 'GET'],
  ['/app/items/12/x', 'DELETE'],
  ['/app/open/more', 'GET'],
  ['/app/items/12/%E0%A4%A', 'GET'],
])('%s %s is not found', async (path, method) => {
  expect((await fetch(host.url + path, { method })).status).toBe(404)
})

test('bytes go through unchanged', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
  const response = await fetch(`${host.url}/app/bytes`, { method: 'POST', body: bytes })
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
})

test('a function that fails answers 500 without details; they are in the log', async () => {
  const response = await get('/app/fails')
  expect([response.status, await response.text()]).toEqual([500, ''])
  expect(host.log.find(({ event }) => event === 'function-failed')?.message).toBe('secret detail')
})

test('a body over the limit is refused, with and without a stated length', async () => {
  const chunked = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(1001))
      controller.close()
    },
  })
  for (const body of [new Uint8Array(1001), chunked]) {
    const response = await fetch(`${host.url}/app/bytes`, { method: 'POST', body, duplex: 'half' })
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'HOST_BODY_TOO_LARGE'])
  }
  expect((await fetch(`${host.url}/app/bytes`, { method: 'POST', body: new Uint8Array(1000) })).status).toBe(200)
})

test.each(['/app/keyed', '/app/admins', '/admin/host/status', '/admin/functions', '/runtime/webhooks/durabletask/instances', '/runtime/webhooks/blobs'])(
  '%s needs the key, in the header or the query',
  async (path) => {
    expect((await get(path)).status).toBe(401)
    expect((await get(path, { 'x-functions-key': 'wrong' })).status).toBe(401)
    expect((await get(`${path}?code=${host.key}x`)).status).toBe(401)
    expect((await get(path, { 'x-functions-key': host.key })).status).not.toBe(401)
    expect((await get(`${path}?code=${host.key}`)).status).not.toBe(401)
  },
)

test.each([
  ['another name that leads to 127.0.0.1', { host: 'rebound.example.org' }],
  ['a name with a path behind it', { host: '127.0.0.1:0/x' }],
  ['another port', { host: '127.0.0.1:1' }],
  ['an address that only begins like ours', { host: '127.0.0.1.example.org' }],
  ['a page of another origin', { origin: 'https://www.example.org' }],
  ['a page of another local server', { origin: 'http://127.0.0.1:1' }],
  ['a sandboxed page', { origin: 'null' }],
])('a request of %s is refused (403), also with the key', async (_, headers: Record<string, string>) => {
  expect(await raw('/app/open', headers)).toBe(403)
  expect(await raw(`/app/keyed?code=${host.key}`, headers)).toBe(403)
})

test('localhost and our own origin are let in', async () => {
  const port = new URL(host.url).port
  expect(await raw('/app/open', { host: `localhost:${port}`, origin: host.url })).toBe(200)
})

test('a target cannot change the authority that a function sees', async () => {
  const port = Number(new URL(host.url).port)
  const seen = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}` } }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => resolve(`${response.statusCode} ${text}`)).on('end', () => resolve(String(response.statusCode)))
      })
        .on('error', reject)
        .end()
    })
  expect(await seen('//elsewhere.example.org/app/url')).toBe('404')
  expect(await seen('http://elsewhere.example.org/app/url')).toMatch(/^400/)
  expect(await seen('/app/url')).toBe(`200 ${host.url}/app/url`)
})

test('a log hook sees and changes what a function logs', async () => {
  await get('/app/speaks')
  expect(host.log.find(({ function: name }) => name === 'speaks')).toMatchObject({ event: 'app-log', level: 'warn', message: 'said by the app, seen by the hook' })
})

test('hooks see and change invocations', async () => {
  expect(await (await get('/app/hooked')).text()).toBe('added, pre')
  expect(home.effects()[0]).toBe('appStart')
})
