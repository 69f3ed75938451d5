import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?$/

const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply => reply.code(status).send({ ok: false, error: { code: 'REFUSED', message } })

const sameKey = (given: string, key: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(key)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Against pages that reach for the loopback port (DNS rebinding, CSRF): the Host must be loopback, an Origin our own, and the key right. */
export function guard(key: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const host = request.headers.host ?? ''
    if (!LOOPBACK.test(host)) return refuse(reply, 403, 'This host name is not served.')
    const { origin } = request.headers
    if (origin !== undefined && origin !== `http://${host}`) return refuse(reply, 403, 'Requests from other origins are not served.')
    if (request.routeOptions.config.anonymous === true) return undefined
    const given = request.headers['x-api-key']
    if (typeof given !== 'string' || !sameKey(given, key)) return refuse(reply, 401, 'Send the key as x-api-key.')
    return undefined
  }
}
