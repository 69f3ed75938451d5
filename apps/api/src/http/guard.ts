import { isLoopbackHost, LogpipeError } from '@logpipe/core'
import type { FastifyRequest } from 'fastify'
import type { TokenCheck } from './entra.ts'
import { sameText, type Sessions } from './session.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without signing in. */
    anonymous?: boolean
    /** Also to whoever calls it by another host name: the probes of a cluster name the pod's address. */
    anyHost?: boolean
    /** Changes something: a token needs the operator's role. */
    changes?: boolean
  }
}

export interface Guarding {
  readonly key: string
  readonly hosts: readonly string[]
  readonly sessions: Sessions
  readonly tokens: TokenCheck | null
}

/**
 * Against pages that reach for the port from a browser (DNS rebinding, CSRF): the Host must be one of ours, an Origin our own. Then a key
 * (`x-api-key`, or as Bearer), a session's cookie, or an Entra token. Throws REQUEST_REFUSED, SIGN_IN_NEEDED.
 */
export function guard({ key, hosts, sessions, tokens }: Guarding) {
  return async (request: FastifyRequest): Promise<void> => {
    const { host = '', origin, cookie = '', authorization = '' } = request.headers
    const { anonymous, anyHost, changes } = request.routeOptions.config
    if (anyHost !== true && !isLoopbackHost(host) && !hosts.includes(host.toLowerCase().replace(/:\d+$/, ''))) throw new LogpipeError('REQUEST_REFUSED', { detail: 'This host name is not served' })
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) throw new LogpipeError('REQUEST_REFUSED', { detail: 'Requests of other origins are not served' })
    if (anonymous === true) return
    const given = String(request.headers['x-api-key'] ?? '') || (/^Bearer (\S+)$/.exec(authorization)?.[1] ?? '')
    if (given !== '') {
      if (key !== '' && sameText(given, key)) return
      const token = tokens === null ? null : await tokens(given)
      if (token !== null && (changes !== true || token.operator)) return
      if (token !== null) throw new LogpipeError('REQUEST_REFUSED', { detail: 'This needs the role logpipe.operator' })
    } else if (cookie !== '' && sessions.holds(host, cookie)) return
    throw new LogpipeError('SIGN_IN_NEEDED')
  }
}
