import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSend, workspaceOrigin } from './send.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('which hosts may be called', () => {
  test.each([
    ['https://adb-1.2.azuredatabricks.net/', 'https://adb-1.2.azuredatabricks.net'],
    ['adb-1.2.azuredatabricks.net', 'https://adb-1.2.azuredatabricks.net'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('%s', (host, origin) => {
    expect(workspaceOrigin(host)).toBe(origin)
  })

  test.each([
    ['nothing', ''],
    ['plain http elsewhere', 'http://adb-1.example.org'],
    ['another scheme', 'ftp://adb-1.example.org'],
    ['the metadata service', 'https://169.254.169.254'],
    ['a path', 'https://adb-1.example.org/api'],
    ['a password', 'https://me:hunter2@adb-1.example.org'],
  ])('not %s', (_case, host) => {
    const create = () => workspaceOrigin(host)
    expect(create).toThrow(expect.objectContaining({ code: 'DATABRICKS_SETTING_WRONG' }) as Error)
    expect(create).not.toThrow('hunter2')
  })
})

test('a service principal gets its token once for the time that it holds', async () => {
  const seen: string[] = []
  const host = await serve((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    response.end(JSON.stringify(request.url?.startsWith('/oidc') ? { access_token: 'fresh', expires_in: 3600 } : {}))
  })
  const { send } = createSend({ host, clientId: 'id', clientSecret: 'pw' })
  await send({ method: 'GET', path: '/api/x' })
  await send({ method: 'GET', path: '/api/y' })
  expect(seen).toEqual([`/oidc/v1/token Basic ${Buffer.from('id:pw').toString('base64')}`, '/api/x Bearer fresh', '/api/y Bearer fresh'])
})

test('a token that expires is fetched anew', async () => {
  let given = 0
  const host = await serve((request, response) => response.end(JSON.stringify(request.url?.startsWith('/oidc') ? { access_token: `t${(given += 1)}`, expires_in: 60 } : {})))
  const { send } = createSend({ host, clientId: 'id', clientSecret: 'pw' })
  await send({ method: 'GET', path: '/api/x' })
  await send({ method: 'GET', path: '/api/y' })
  expect(given).toBe(2)
})

test.each([
  ['a login page', 200, '<html>'],
  ['a redirect', 302, ''],
  ['a proxy', 404, 'not found'],
])('%s is no workspace', async (_what, status, body) => {
  const host = await serve((_request, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body))
  await expect(createSend({ host, token: 't' }).send({ method: 'GET', path: '/api/x' })).rejects.toMatchObject({ code: 'DATABRICKS_SETTING_WRONG' })
})

test('what a server says of secrets is blotted out', async () => {
  const host = await serve((_request, response) => response.writeHead(400).end(JSON.stringify({ error_code: 'BAD', message: 'Bearer dapi0123456789abcdef0123 and AccountKey=c2VjcmV0' })))
  const refused = createSend({ host, token: 't' }).send({ method: 'GET', path: '/api/x' })
  await expect(refused).rejects.toMatchObject({ code: 'DATABRICKS_REJECTED' })
  await expect(refused).rejects.not.toThrow(/dapi0123|c2VjcmV0/)
})

test('an abort ends a call', async () => {
  const host = await serve(() => undefined)
  const stop = new AbortController()
  const call = createSend({ host, token: 't' }).send({ method: 'GET', path: '/api/x' }, stop.signal)
  stop.abort(new Error('stopped by the test'))
  await expect(call).rejects.toThrow('stopped by the test')
})
