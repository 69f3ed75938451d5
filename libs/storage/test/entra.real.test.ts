import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The way in that Azure uses: an account URL, DefaultAzureCredential, the managed identity's token, TLS. Each client is a process of its own,
// because Node reads the authority it is to trust at its start.
const run = promisify(execFile)
const CLIENT = join(import.meta.dirname, 'entra-client.ts')
const SECRET = 'identity-header-secret'

let dir: string
let azurite: Azurite
let identity: Server
let asked: { resource: string | null; header: string | undefined }[] = []
let claims: Record<string, unknown>

/** What the platform gives an app with a managed identity: a loopback endpoint that hands out tokens. Unsigned: Azurite checks claims only. */
function startIdentity(): Promise<Server> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    asked.push({ resource: url.searchParams.get('resource'), header: request.headers['x-identity-header'] as string | undefined })
    const token = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('unsigned').toString('base64url')}`
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: token, expires_on: String(claims['exp']), resource: 'https://storage.azure.com', token_type: 'Bearer' }))
  })
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)))
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-entra-'))
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert])
  ;[azurite, identity] = await Promise.all([startAzurite({ dir: join(dir, 'storage'), tls: { cert, key } }), startIdentity()])
})
afterAll(async () => {
  identity.close()
  await azurite.stop()
  await rm(dir, { recursive: true })
})

const goodClaims = (): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000)
  const tenant = '11111111-2222-4333-8444-555555555555'
  return { aud: 'https://storage.azure.com', iss: `https://sts.windows.net/${tenant}/`, iat: now - 60, nbf: now - 60, exp: now + 3600, tid: tenant }
}

async function client(trusted = true): Promise<Record<string, unknown>> {
  asked = []
  const { port } = identity.address() as AddressInfo
  const env = { PATH: process.env['PATH'], IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/token`, IDENTITY_HEADER: SECRET, ...(trusted ? { NODE_EXTRA_CA_CERTS: join(dir, 'cert.pem') } : {}) }
  const { stdout } = await run(process.execPath, [CLIENT, azurite.url], { env })
  return JSON.parse(stdout) as Record<string, unknown>
}

test('an account URL with a managed identity writes, reads, lists and makes containers', async () => {
  claims = goodClaims()
  expect(await client()).toEqual({ made: ['bronze', 'silver', 'gold', 'pipeline'], outcome: 'created', text: 'by Entra', names: ['a/b'], again: 'exists' })
  expect(asked[0]).toEqual({ resource: 'https://storage.azure.com', header: SECRET })
})

test('a token for another audience is refused, and the error names the role and no token', async () => {
  claims = { ...goodClaims(), aud: 'https://vault.azure.net' }
  const { error } = (await client()) as { error: { code: string; fix: string; all: string } }
  expect(error).toMatchObject({ code: 'STORAGE_REFUSED', fix: expect.stringContaining('Storage Blob Data Contributor') as string })
  expect(error.all).not.toMatch(/eyJ|Bearer|identity-header-secret/)
})

test('a server that is not trusted is not talked to', async () => {
  claims = goodClaims()
  const { error } = (await client(false)) as { error: { code: string } }
  expect(error.code).toMatch(/^STORAGE_(UNREACHABLE|FAILED)$/)
})
