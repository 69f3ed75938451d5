import { asLogpipeError, findPart, firstRows, latestPointer, type ObjectStore } from '@logpipe/core'
import fastify, { type FastifyInstance } from 'fastify'
import { guard } from './guard.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without the key. */
    anonymous?: boolean
  }
}

const SLUG = { type: 'string', pattern: '^[a-z0-9-]{1,57}$' } as const
const LIMIT = { type: 'object', properties: { slug: SLUG, limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } } } as const

/** What the pipeline serves to people and programs. Reads published runs only. */
export function createServer({ store, key }: { store: ObjectStore; key: string }): FastifyInstance {
  const server = fastify({ bodyLimit: 1024 * 1024, requestTimeout: 30_000, forceCloseConnections: true })
  server.addHook('onRequest', guard(key))
  server.setErrorHandler(async (thrown: Error & { statusCode?: number }, _request, reply) => {
    if (thrown.statusCode !== undefined && thrown.statusCode < 500) return reply.code(thrown.statusCode).send({ ok: false, error: { code: 'REQUEST_NOT_VALID', message: thrown.message } })
    const error = asLogpipeError(thrown, 'API')
    return reply.code(503).send({ ok: false, error: error.toDocument() })
  })

  const nothing = { ok: false, error: { code: 'RUN_NOT_FOUND', message: 'Nothing is published yet.' } }

  server.get('/healthz', { config: { anonymous: true } }, () => ({ ok: true }))

  server.get<{ Params: { slug: string } }>('/api/sources/:slug/latest', { schema: { params: { type: 'object', properties: { slug: SLUG } } } }, async ({ params }, reply) => {
    const pointer = await latestPointer(store, params.slug)
    return pointer ? { ok: true, data: pointer } : reply.code(404).send(nothing)
  })

  server.get<{ Querystring: { limit: number; slug?: string } }>('/api/anomalies/latest', { schema: { querystring: LIMIT } }, async ({ query }, reply) => {
    const pointer = await latestPointer(store, query.slug)
    if (!pointer) return reply.code(404).send(nothing)
    const anomalies = await firstRows(store, await findPart(store, pointer, 'anomalies'), query.limit)
    return { ok: true, data: { runId: pointer.runId, source: pointer.source.name, anomalies } }
  })

  return server
}
