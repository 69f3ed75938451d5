import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSend } from './send.ts'

const signal = new AbortController().signal
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

const answering = (status: number, body: string, headers: Record<string, string> = {}) => serve((_request, response) => response.writeHead(status, headers).end(body))
const call = (url: string, settings = {}) => createSend({ url, ...settings }).send({ method: 'POST', path: '/api/2.0/mlflow/runs/search', body: {} }, signal)

describe('which URLs may be called', () => {
  test.each(['https://mlflow.example.org', 'https://example.org/team/mlflow/', 'http://127.0.0.1:5000', 'http://localhost:5000', 'http://[::1]:5000'])('%s', (url) => {
    expect(createSend({ url }).endpoint).toBe(url.replace(/\/$/, ''))
  })

  test.each([
    ['no URL', 'mlflow'],
    ['plain http elsewhere', 'http://mlflow.example.org'],
    ['another scheme', 'file:///etc/passwd'],
    ['a name that only looks like loopback', 'http://127.0.0.1.example.org'],
    ['the metadata service', 'https://169.254.169.254'],
    ['the metadata service as a number', 'https://2852039166'],
    ['the metadata service as IPv6', 'https://[::ffff:169.254.169.254]'],
    ['link-local IPv6', 'https://[fe80::1]'],
    ['a query', 'https://mlflow.example.org?x=1'],
    ['a password', 'https://me:hunter2@mlflow.example.org'],
  ])('not %s', (_case, url) => {
    const create = () => createSend({ url })
    expect(create).toThrow(expect.objectContaining({ code: 'MLFLOW_SETTING_WRONG' }) as Error)
    expect(create).not.toThrow('hunter2')
  })
})

test('a redirect is not followed', async () => {
  let reached = 0
  const target = await serve((_request, response) => {
    reached += 1
    response.end('{}')
  })
  await expect(call(await answering(307, '', { location: target }))).rejects.toMatchObject({ code: 'MLFLOW_SETTING_WRONG' })
  expect(reached).toBe(0)
})

test.each([
  ['a user and a password', { username: 'logpipe', password: 'pw' }, `Basic ${Buffer.from('logpipe:pw').toString('base64')}`],
  ['a token', { token: 'tok' }, 'Bearer tok'],
  ['nothing', { username: '', password: '', token: '' }, undefined],
])('logs in by %s', async (_case, settings, expected) => {
  let seen: string | undefined
  const url = await serve((request, response) => {
    seen = request.headers.authorization
    response.end('{}')
  })
  await call(url, settings)
  expect(seen).toBe(expected)
})

test.each([{ token: 'canary-token' }, { username: 'u', password: 'canary-password' }])('a secret that the server repeats is in no message', async (settings) => {
  const url = await serve((request, response) =>
    response.writeHead(400).end(JSON.stringify({ error_code: 'BAD_REQUEST', message: `bad ${request.headers.authorization} canary-password` })),
  )
  const error = await call(url, settings).catch((thrown: unknown) => thrown as Error & { fields: object })
  expect(error).toMatchObject({ code: 'MLFLOW_REJECTED' })
  const said = JSON.stringify([(error as Error).message, (error as { fields: object }).fields])
  expect(said).toContain('BAD_REQUEST')
  for (const secret of ['canary-token', ...('password' in settings ? ['canary-password', Buffer.from('u:canary-password').toString('base64')] : [])]) expect(said).not.toContain(secret)
})

test.each([
  ['busy', 503, 'busy', 'MLFLOW_UNREACHABLE'],
  ['a proxy\'s fault', 502, '<html>', 'MLFLOW_UNREACHABLE'],
  ['a server\'s fault', 500, '', 'MLFLOW_UNREACHABLE'],
  ['MLflow\'s own fault with this call', 500, '{"error_code":"INTERNAL_ERROR"}', 'MLFLOW_REJECTED'],
  ['no login', 401, '', 'MLFLOW_REFUSED'],
  ['no right', 403, '{"error_code":"PERMISSION_DENIED"}', 'MLFLOW_REFUSED'],
  ['another server', 404, '<html>not found</html>', 'MLFLOW_SETTING_WRONG'],
  ['a login page', 200, '<html>log in</html>', 'MLFLOW_SETTING_WRONG'],
  ['a body too large for a proxy', 413, '<html>', 'MLFLOW_REJECTED'],
  ['a wrong value', 400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"no"}', 'MLFLOW_REJECTED'],
])('%s is told apart', async (_case, status, body, code) => {
  await expect(call(await answering(status, body))).rejects.toMatchObject({ code })
})

test('the server says when to come again', async () => {
  await expect(call(await answering(429, '', { 'retry-after': '7' }))).rejects.toMatchObject({ fields: { retryAfterMs: 7000 } })
})

test('a server that does not answer is given up, one that is not there at once', async () => {
  await expect(call(await serve(() => undefined), { timeoutMs: 50 })).rejects.toThrow('no answer within 0.05 s')
  const gone = await answering(200, '{}')
  const server = servers.pop()!
  await new Promise((resolve) => server.close(resolve))
  await expect(call(gone)).rejects.toThrow('ECONNREFUSED')
})
