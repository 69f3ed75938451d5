import { gzipSync } from 'node:zlib'
import { safeText as ofCore } from '@logpipe/core'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { safeText } from '../dashboard/text.ts'
import { serve } from '../test/served.ts'
import { readAssets } from './routes/dashboard.ts'

let server: FastifyInstance
beforeAll(async () => {
  server = await serve({} as never) // its files need no storage
})
afterAll(() => server.close())

test.each(['/', '/runs', '/runs/some-run', '/runs/some-run/anomalies/3', '/model'])('the document of %s: nothing inline, and a policy that would refuse it', async (url) => {
  const { body, headers } = await server.inject({ url, headers: { host: '127.0.0.1' } })
  expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self'")
  expect(body).not.toMatch(/<script(?![^>]*src=)| on\w+=| style=/)
})

test('modules come without types, and every import of theirs is served', async () => {
  const assets = await readAssets()
  for (const [name, { plain }] of assets) {
    if (!name.endsWith('.ts')) continue
    for (const [, found] of plain.toString().matchAll(/^import .* from '(.+)'/gm)) {
      const url = new URL(found!, `http://localhost/assets/${name}`).pathname
      const answer = await server.inject({ url, headers: { host: 'localhost' } })
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, 'text/javascript; charset=utf-8'])
    }
  }
  expect([...assets.values()].reduce((sum, { plain }) => sum + gzipSync(plain).byteLength, 0)).toBeLessThan(200_000)
})

test('a file that did not change is not sent again; a path out of the folder is not served', async () => {
  const first = await server.inject({ url: '/assets/style.css', headers: { host: 'localhost' } })
  expect((await server.inject({ url: '/assets/style.css', headers: { host: 'localhost', 'if-none-match': String(first.headers['etag']) } })).statusCode).toBe(304)
  expect((await server.inject({ url: '/assets/..%2fpackage.json', headers: { host: 'localhost' } })).statusCode).toBe(404)
})

test('shows control characters as core does', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => safeText(text) === ofCore(text)))
})
