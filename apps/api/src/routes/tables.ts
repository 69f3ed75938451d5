import type { Part } from '@logpipe/core'
import type { Reader, Row } from '../data/reader.ts'
import { type Page, page, type Routes, runParams } from './context.ts'

export const TABLES = ['activity_by_address', 'activity_by_user', 'activity_by_hour', 'detections', 'quarantine'] as const

const PARAMS = { type: 'object', properties: { ...runParams.properties, table: { enum: TABLES } }, required: ['run', 'table'] } as const
const QUERY = {
  type: 'object',
  properties: { ...page(2000, 100), sort: { type: 'string', pattern: '^-?[a-z0-9_]{1,40}$', description: 'A column; with - before it the largest first' } },
} as const

type Order = (a: Row, b: Row) => number

/** Numbers by value, other texts by code point. */
function orderOf(sort: string): Order {
  const [column, sign] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1]
  const text = (row: Row): string => { const value = row[column]; return typeof value === 'string' || typeof value === 'number' ? String(value) : '' }
  return (a, b) => {
    const [left, right] = [text(a), text(b)]
    const difference = Number(left) - Number(right)
    return sign * (Number.isNaN(difference) ? (left < right ? -1 : left > right ? 1 : 0) : difference)
  }
}

/** Rows `offset` to `offset + limit`, in the file's order or the one asked for; holds no more rows than twice that. */
async function pageOf(reader: Reader, part: Part, { limit, offset, sort }: Page & { sort?: string }): Promise<Row[]> {
  const wanted = offset + limit
  let rows: Row[] = []
  let at = 0
  const order = sort === undefined ? null : orderOf(sort)
  for await (const row of reader.rows(part)) {
    if (order === null) {
      if (at >= offset) rows.push(row)
      if ((at += 1) >= wanted) break
    } else if (rows.push(row) > 2 * wanted + 1000) rows = rows.sort(order).slice(0, wanted)
  }
  return order === null ? rows : rows.sort(order).slice(offset, wanted)
}

/** The tables of gold, and what was quarantined, in pages. */
export const tableRoutes: Routes = (server, { reader }) => {
  server.get<{ Params: { run: string; table: string }; Querystring: Page & { sort?: string } }>(
    '/api/runs/:run/tables/:table',
    { schema: { summary: 'A table of gold, in pages', tags: ['data'], params: PARAMS, querystring: QUERY }, config: { answers: 'Table' } },
    async ({ params, query }, reply) => {
      const outputs = await reader.outputs(params.run)
      const part = await reader.part(outputs, params.table)
      const { limit, offset, sort = '' } = query
      const text = await reader.answer(`${part.name} ${limit} ${offset} ${sort}`, async () => ({ runId: outputs.runId, source: outputs.source, table: params.table, total: part.rows, rows: await pageOf(reader, part, query) }))
      return reply.type('application/json; charset=utf-8').send(text)
    },
  )
}
