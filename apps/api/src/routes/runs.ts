import { Readable } from 'node:stream'
import { latestPointer, LogpipeError, RunStatus } from '@logpipe/core'
import { ok } from '../http/answers.ts'
import { type Page, page, type Routes, runParams } from './context.ts'

const LISTED = { type: 'object', properties: { ...page(200, 50), status: { enum: RunStatus.options } } } as const
const OUTPUT = { type: 'object', properties: { ...runParams.properties, output: { type: 'string', pattern: '^[a-z_]{1,40}$' } }, required: ['run', 'output'] } as const
const SLUG = { type: 'object', properties: { slug: { type: 'string', pattern: '^[a-z0-9-]{1,57}$' } } } as const

const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv; charset=utf-8', json: 'application/json', parquet: 'application/vnd.apache.parquet' }

/** Runs, what became of them, and their files. */
export const runRoutes: Routes = (server, { reader }) => {
  server.get<{ Querystring: Page & { status?: string } }>('/api/runs', { schema: { summary: 'Runs, that which changed last first', tags: ['runs'], querystring: LISTED }, config: { answers: 'Runs' } }, async ({ query }) => {
    const all = await reader.listing()
    const counts: Record<string, number> = {}
    for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1
    const chosen = all.filter(({ status }) => query.status === undefined || status === query.status)
    const runs = await Promise.all(chosen.slice(query.offset, query.offset + query.limit).map((run) => reader.listed(run)))
    return ok({ runs, total: chosen.length, counts })
  })

  server.get<{ Params: { run: string } }>('/api/runs/:run', { schema: { summary: 'A run: record, report once it has ended, and whether it is what readers see', tags: ['runs'], params: runParams }, config: { answers: 'Run' } }, async ({ params }) => {
    const runId = params.run === 'latest' ? (await reader.outputs('latest')).runId : params.run
    const record = await reader.record(runId)
    const [report, pointer] = await Promise.all([reader.report(runId), reader.pointer(record.slug)])
    return ok({ record, report, published: pointer?.runId === runId })
  })

  server.get<{ Params: { run: string; output: string } }>('/api/runs/:run/files/:output', { schema: { summary: 'One output as it lies in storage', tags: ['runs'], params: OUTPUT } }, async ({ params }, reply) => {
    const part = await reader.part(await reader.outputs(params.run), params.output)
    const file = part.name.split('/').at(-1) ?? params.output
    // The first bytes are awaited, so that what is missing is an error and not a torn file.
    const bytes = reader.store.read(part)[Symbol.asyncIterator]()
    const first = await bytes.next()
    return reply
      .header('content-type', TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${file.replaceAll(/[^\w.-]/g, '_')}"`)
      .header('content-length', part.bytes)
      .header('etag', `"${part.sha256}"`)
      .send(Readable.from(chained(first, bytes), { objectMode: false }))
  })

  server.get<{ Params: { slug: string } }>('/api/sources/:slug/latest', { schema: { summary: 'The pointer of a source', tags: ['runs'], params: SLUG } }, async ({ params }) => {
    // Read now: the services stage asks for what was published a moment ago.
    const pointer = await latestPointer(reader.store, params.slug)
    if (pointer === null) throw new LogpipeError('NOTHING_PUBLISHED', { what: 'this source' })
    return ok(pointer)
  })
}

async function* chained(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value
}
