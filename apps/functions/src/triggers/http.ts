import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { checkSourceName, LogpipeError, readRecord, SOURCE_CONTAINER } from '@logpipe/core'
import * as df from 'durable-functions'
import { z } from 'zod'
import { app } from '../compose.ts'
import { accepted, answering } from './answer.ts'
import { once } from './idempotency.ts'
import { startRun } from './start-run.ts'

/** Larger logs go to storage first: a function holds a request's body in memory. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024

const Body = z.strictObject({ container: z.literal(SOURCE_CONTAINER).default(SOURCE_CONTAINER), name: z.string() })

interface Wanted {
  readonly name: string
  /** The log itself; null: it is in storage already. */
  readonly log: Buffer | null
}

/** What is asked for: a blob that is there (JSON), or the log in the body, under `?name=`. */
async function read(request: HttpRequest): Promise<Wanted> {
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
    return { name: checkSourceName(parsed.data.name), log: null }
  }
  const name = request.query.get('name')
  if (name === null) throw new LogpipeError('REQUEST_NOT_VALID', { detail: 'A log in the body needs ?name=path/of/blob.' })
  return { name: checkSourceName(name), log: body }
}

/** `POST /api/runs`: 202 with the run's id and where to follow it. The same version of the same file is the same run, and so is the same request under the same Idempotency-Key. */
df.app.client.http('runs', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'runs',
  handler: answering('POST /api/runs', async (request: HttpRequest, client: df.DurableClient): Promise<HttpResponseInit> => {
    const wanted = await read(request)
    const deps = await app()
    const ref = { container: SOURCE_CONTAINER, name: wanted.name }
    let first = false
    const start = async (): Promise<string> => {
      if (wanted.log) await deps.store.put(ref, wanted.log)
      const blob = await deps.store.stat(ref)
      if (!blob) throw new LogpipeError('BLOB_NOT_FOUND', ref)
      const admission = await startRun(deps, client, blob, 'http')
      first = admission.first
      return admission.record.runId
    }
    const { runId } = await once(deps, request.headers.get('idempotency-key'), `${wanted.name}\n${wanted.log?.toString('base64') ?? ''}`, start)
    const record = await readRecord(deps.store, runId)
    return accepted(client, record, { first })
  }),
})
