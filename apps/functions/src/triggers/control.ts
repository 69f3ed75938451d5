import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { createRerun, LogpipeError, readRecord, type RunRecord, STAGES, type StageName, TERMINAL, updateRecord } from '@logpipe/core'
import * as df from 'durable-functions'
import { z } from 'zod'
import { app, type App } from '../compose.ts'
import { accepted, answering } from './answer.ts'
import { startRecord } from './start-run.ts'
import { isUnderWay } from './under-way.ts'

const Stage = z.enum(STAGES.map(({ name }) => name) as [StageName, ...StageName[]])
const RerunBody = z.strictObject({ from: Stage.optional(), until: Stage.optional() }).refine(
  ({ from, until }) => from === undefined || until === undefined || STAGES.findIndex(({ name }) => name === from) <= STAGES.findIndex(({ name }) => name === until),
  '`from` comes after `until`',
)

/** Marks the wish in the record, where every stage looks. A run that never began is ended here. */
async function cancel(deps: App, client: df.DurableClient, runId: string): Promise<RunRecord> {
  const now = new Date(deps.clock.now()).toISOString()
  const ended = (record: RunRecord): RunRecord => {
    if (TERMINAL.has(record.status)) throw new LogpipeError('RUN_ENDED', { runId, status: record.status })
    return { ...record, cancelRequestedAt: record.cancelRequestedAt ?? now }
  }
  const record = await updateRecord(deps.store, runId, ended)
  if (record.status !== 'queued' || (await isUnderWay(client, runId))) return record
  return updateRecord(deps.store, runId, (current) => (current.status === 'queued' ? { ...current, status: 'cancelled', endedAt: now } : current))
}

const runIdOf = (request: HttpRequest): string => request.params['runId'] ?? ''

/** `POST /api/runs/{runId}/cancel`: 202; the run ends as cancelled, or as it was about to when it is published already. */
df.app.client.http('cancelRun', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'runs/{runId}/cancel',
  handler: answering('POST /api/runs/{runId}/cancel', async (request, client): Promise<HttpResponseInit> => {
    const deps = await app()
    return accepted(client, await cancel(deps, client, runIdOf(request)))
  }),
})

/** `GET /api/runs/{runId}`: how far a run's stages are, by the orchestration; null where it knows none. */
df.app.client.http('runProgress', {
  methods: ['GET'],
  authLevel: 'function',
  route: 'runs/{runId}',
  handler: answering('GET /api/runs/{runId}', async (request, client): Promise<HttpResponseInit> => {
    const runId = runIdOf(request)
    const status = await client.getStatus(runId).catch(() => null) // an unknown instance is thrown
    const said = status?.customStatus as { stages?: unknown } | null | undefined
    return { jsonBody: { ok: true, data: { runId, stages: said?.stages ?? null } } }
  }),
})

/** `POST /api/runs/{runId}/rerun` with `{from?, until?}`: a new run over the same version; without `from` it goes on where the run ended badly. */
df.app.client.http('rerunRun', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'runs/{runId}/rerun',
  handler: answering('POST /api/runs/{runId}/rerun', async (request, client): Promise<HttpResponseInit> => {
    const text = await request.text()
    let body: unknown = {}
    try {
      body = text === '' ? {} : JSON.parse(text)
    } catch (error) {
      throw new LogpipeError('REQUEST_NOT_VALID', { detail: 'The body is not JSON.' }, { cause: error })
    }
    const parsed = RerunBody.safeParse(body)
    if (!parsed.success) throw new LogpipeError('REQUEST_NOT_VALID', { detail: z.prettifyError(parsed.error) })
    const deps = await app()
    const record = await createRerun(deps, await readRecord(deps.store, runIdOf(request)), 'http', parsed.data)
    await startRecord(deps, client, record)
    return accepted(client, record)
  }),
})
