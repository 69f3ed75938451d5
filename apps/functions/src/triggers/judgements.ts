import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { LogpipeError } from '@logpipe/core'
import { ENTITY_KINDS, judge, type Judgement, revoke } from '@logpipe/core/judgements'
import * as df from 'durable-functions'
import { z } from 'zod'
import { app } from '../compose.ts'
import { answering } from './answer.ts'

const DAY_MS = 86_400_000
const Said = z.strictObject({
  kind: z.enum(['allow', 'dismiss']),
  entity_kind: z.enum(ENTITY_KINDS),
  entity: z.string(),
  host: z.string().nullable().default(null),
  id: z.string().nullable().default(null),
  days: z.int().min(1).max(366),
  reason: z.string(),
  author: z.string(),
})
const TakenBack = z.strictObject({ entity: z.string() })

async function body<T>(request: HttpRequest, shape: z.ZodType<T>): Promise<T> {
  const parsed = shape.safeParse(await request.json().catch(() => null))
  if (!parsed.success) throw new LogpipeError('REQUEST_NOT_VALID', { detail: z.prettifyError(parsed.error) })
  return parsed.data
}

/** `POST /api/judgements`: what a person says of an entity, heeded by runs that start later. `DELETE` takes back all that was said of `{entity}`. */
df.app.client.http('judgements', {
  methods: ['POST', 'DELETE'],
  authLevel: 'function',
  route: 'judgements',
  handler: answering('/api/judgements', async (request): Promise<HttpResponseInit> => {
    const { store, clock } = await app()
    if (request.method === 'DELETE') {
      const { entity } = await body(request, TakenBack)
      return { jsonBody: { ok: true, data: { revoked: await revoke(store, entity) } } }
    }
    const { days, ...said } = await body(request, Said)
    const now = clock.now()
    const judgement: Judgement = { ...said, until: new Date(now + days * DAY_MS).toISOString(), at: new Date(now).toISOString() }
    await judge(store, judgement)
    return { status: 201, jsonBody: { ok: true, data: judgement } }
  }),
})
