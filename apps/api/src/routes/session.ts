import { isLoopbackHost, LogpipeError } from '@logpipe/core'
import { ok } from '../http/answers.ts'
import { sameText } from '../http/session.ts'
import type { Routes } from './context.ts'

const KEY = { type: 'object', required: ['key'], additionalProperties: false, properties: { key: { type: 'string', minLength: 1, maxLength: 500 } } } as const

/** Signing in to the dashboard. */
export const sessionRoutes: Routes = (server, { options, functions, sessions }) => {
  const limit = { rateLimit: { max: 20, timeWindow: 60_000 } }

  server.post<{ Body: { key: string } }>('/api/session', { schema: { summary: 'Sign in: the key for a cookie', tags: ['session'], body: KEY }, config: { anonymous: true, ...limit } }, async ({ body, headers: { host = '' } }, reply) => {
    if (options.key === '' || !sameText(body.key, options.key)) throw new LogpipeError('SIGN_IN_NEEDED')
    return reply.header('set-cookie', sessions.issue(host, !isLoopbackHost(host))).send(ok({ signedIn: true }))
  })
  server.delete('/api/session', { schema: { summary: 'Sign out', tags: ['session'] }, config: { anonymous: true } }, async ({ headers: { host = '' } }, reply) => reply.header('set-cookie', sessions.end(host)).send(ok({ signedIn: false })))
  server.get('/api/session', { schema: { summary: 'Whether one is signed in, and what this API can do', tags: ['session'] } }, () => ok({ signedIn: true, control: functions.known }))
}
