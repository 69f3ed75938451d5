import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { checkSourceName, LogpipeError, SOURCE_CONTAINER } from '@logpipe/core'
import * as df from 'durable-functions'
import { z } from 'zod'
import { app } from '../compose.ts'
import { accepted, answering } from './answer.ts'
import { startRun } from './start-run.ts'

/** Larger logs go to storage first: a function holds a request's body in memory. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024

const Body = z.strictObject({ container: z.literal(SOURCE_CONTAINER).default(SOURCE_CONTAINER), name: z.string() })

/** The source's name: of a blob that is there (JSON), or of the log in the body, which is put there first. */
async function receive(request: HttpRequest): Promise<string> {
  const body = Buffer.from(await request.arrayBuffer())
  if (body.byteLength > MAX_BODY_BYTES) throw new LogpipeError('BODY_TOO_LARGE', { limit: MAX_BODY_BYTES })
  if (request.headers.get('content-type')?.startsWith('application/json')) {
    let document: unknown
    try {
      document = JSON.parse(body.toString('utf8'))
    } catch (error) {
      throw new LogpipeError('REQUEST_NOT_VALID', { detail: 'The body is not JSON.' }, { cause: error })
    }
    const parsed = Body.safeParse(document)
    if (!parsed.success) throw new LogpipeError('REQUEST_NOT_VALID', { detail: z.prettifyError(parsed.error) })
    return checkSourceName(parsed.data.name)
  }
  const name = request.query.get('name')
  if (name === null) throw new LogpipeError('REQUEST_NOT_VALID', { detail: 'A log in the body needs ?name=path/of/blob.' })
  const { store } = await app()
  await store.put({ container: SOURCE_CONTAINER, name: checkSourceName(name) }, body)
  return name
}

/** `POST /api/runs`: 202 with the run's id and where to follow it. The same version of the same file is the same run. */
df.app.client.http('runs', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'runs',
  handler: answering('POST /api/runs', async (request: HttpRequest, client: df.DurableClient): Promise<HttpResponseInit> => {
    const name = await receive(request)
    const deps = await app()
    const blob = await deps.store.stat({ container: SOURCE_CONTAINER, name })
    if (!blob) throw new LogpipeError('BLOB_NOT_FOUND', { container: SOURCE_CONTAINER, name })
    const { record, first } = await startRun(deps, client, blob, 'http')
    return accepted(client, record, { first })
  }),
})
