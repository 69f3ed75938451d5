import { STAGES } from '@logpipe/core'
import { ENTITY_KINDS } from '@logpipe/core/judgements'
import type { FastifyReply } from 'fastify'
import { type Routes, runParams } from './context.ts'

const STAGE = { enum: STAGES.map(({ name }) => name) } as const
const PLAN = { type: ['object', 'null'], additionalProperties: false, properties: { from: STAGE, until: STAGE } } as const
const JUDGEMENT = {
  type: 'object',
  required: ['kind', 'entity_kind', 'entity', 'days', 'reason', 'author'],
  additionalProperties: false,
  properties: {
    kind: { enum: ['allow', 'dismiss'] },
    entity_kind: { enum: ENTITY_KINDS },
    entity: { type: 'string', minLength: 1, maxLength: 255 },
    host: { type: ['string', 'null'], maxLength: 255 },
    id: { type: ['string', 'null'], maxLength: 64 },
    days: { type: 'integer', minimum: 1, maximum: 366 },
    reason: { type: 'string', minLength: 3, maxLength: 500 },
    author: { type: 'string', minLength: 1, maxLength: 100 },
  },
} as const
const ENTITY = { type: 'object', required: ['entity'], additionalProperties: false, properties: { entity: { type: 'string', minLength: 1, maxLength: 255 } } } as const
const NAME = { type: 'object', properties: { name: { type: 'string', minLength: 1, maxLength: 1024 } } } as const

const MAX_LOG_BYTES = 8 * 2 ** 20
const changes = { changes: true } as const

/** What people want of runs: asked of the functions app. Its answers are passed on as they are. */
export const controlRoutes: Routes = (server, { functions }) => {
  const ask = async (reply: FastifyReply, path: string, body: string | Buffer, type?: string, method = 'POST'): Promise<FastifyReply> => {
    const { status, body: said } = await functions.ask(method, path, body, type)
    return reply.code(status).send(said)
  }

  server.addContentTypeParser('text/plain', { parseAs: 'buffer', bodyLimit: MAX_LOG_BYTES }, (_request, body, done) => done(null, body))

  server.post<{ Querystring: { name?: string }; Body: Buffer | { name?: string } }>(
    '/api/runs',
    { bodyLimit: MAX_LOG_BYTES, schema: { summary: 'Start a run: of a blob ({"name"}), or of the log in the body (text/plain, ?name=)', tags: ['control'], querystring: NAME }, config: changes },
    async ({ body, query }, reply) => {
      if (Buffer.isBuffer(body)) return ask(reply, `/api/runs?name=${encodeURIComponent(query.name ?? '')}`, body, 'text/plain')
      return ask(reply, '/api/runs', JSON.stringify({ name: body?.name ?? query.name ?? '' }))
    },
  )
  server.post<{ Params: { run: string } }>('/api/runs/:run/cancel', { schema: { summary: 'Ask for the end of a run', tags: ['control'], params: runParams }, config: changes }, ({ params }, reply) => ask(reply, `/api/runs/${params.run}/cancel`, '{}'))
  server.post<{ Params: { run: string } }>('/api/runs/:run/retry', { schema: { summary: 'Go on where a run ended badly', tags: ['control'], params: runParams }, config: changes }, ({ params }, reply) => ask(reply, `/api/runs/${params.run}/rerun`, '{}'))
  server.post<{ Params: { run: string }; Body: object | null }>('/api/runs/:run/rerun', { schema: { summary: 'The same version again, from a stage on', tags: ['control'], params: runParams, body: PLAN }, config: changes }, ({ params, body }, reply) =>
    ask(reply, `/api/runs/${params.run}/rerun`, JSON.stringify({ from: 'bronze', ...(body ?? {}) })),
  )
  server.post<{ Body: object }>('/api/judgements', { schema: { summary: 'Dismiss a finding, or allow an entity; later runs heed it', tags: ['control'], body: JUDGEMENT }, config: changes }, ({ body }, reply) => ask(reply, '/api/judgements', JSON.stringify(body)))
  server.delete<{ Body: object }>('/api/judgements', { schema: { summary: 'Take back all that was said of an entity', tags: ['control'], body: ENTITY }, config: changes }, ({ body }, reply) => ask(reply, '/api/judgements', JSON.stringify(body), 'application/json', 'DELETE'))
}
