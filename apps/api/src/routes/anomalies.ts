import { LogpipeError } from '@logpipe/core'
import { Anomaly, ENTITY_KINDS, readJudgements } from '@logpipe/core/judgements'
import { SEVERITIES, type Severity } from '@logpipe/core/detections'
import type { Outputs, Reader } from '../data/reader.ts'
import { ok } from '../http/answers.ts'
import { type Page, page, type Routes, runParams } from './context.ts'

const FILTERS = {
  ...page(1000, 100),
  severity: { enum: SEVERITIES, description: 'At least' },
  kind: { enum: ENTITY_KINDS },
  detection: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$' },
  q: { type: 'string', maxLength: 255, description: 'Part of the entity' },
  all: { type: 'boolean', default: false, description: 'Also what is listed and not flagged' },
} as const
const ONE = { type: 'object', properties: { ...runParams.properties, number: { type: 'integer', minimum: 1, maximum: 1_000_000 } }, required: ['run', 'number'] } as const

interface Filters extends Page {
  readonly severity?: Severity
  readonly kind?: Anomaly['entity_kind']
  readonly detection?: string
  readonly q?: string
  readonly all: boolean
}

type Numbered = Anomaly & { readonly number: number }

/** All rows of a run that fit; `number` is the place in the file, from 1, and names a row for good. */
async function* chosen(reader: Reader, outputs: Outputs, { severity, kind, detection, q, all }: Partial<Filters>): AsyncGenerator<Numbered> {
  const least = severity === undefined ? 0 : SEVERITIES.indexOf(severity)
  let number = 0
  for await (const row of reader.rows(await reader.part(outputs, 'anomalies'))) {
    number += 1
    const anomaly = row as Anomaly
    if (all !== true && anomaly.flagged === false) continue
    if (least > 0 && SEVERITIES.indexOf(anomaly.severity) < least) continue
    if (kind !== undefined && anomaly.entity_kind !== kind) continue
    if (detection !== undefined && !anomaly.detections.some(({ id }) => id === detection)) continue
    if (q !== undefined && !anomaly.entity.toLowerCase().includes(q.toLowerCase())) continue
    yield { ...anomaly, number }
  }
}

async function pageOf(reader: Reader, outputs: Outputs, filters: Filters): Promise<object> {
  const anomalies: object[] = []
  const counts: Record<string, number> = {}
  let total = 0
  for await (const { evidence, contributions: _large, ...anomaly } of chosen(reader, outputs, filters)) {
    if (total >= filters.offset && anomalies.length < filters.limit) anomalies.push({ ...anomaly, evidence_lines: evidence.length })
    counts[anomaly.severity] = (counts[anomaly.severity] ?? 0) + 1
    total += 1
  }
  return { runId: outputs.runId, source: outputs.source, total, counts, anomalies }
}

/** Who is suspicious, how much, why, and the lines that show it. */
export const anomalyRoutes: Routes = (server, { reader }) => {
  server.get<{ Params: { run: string }; Querystring: Filters }>(
    '/api/runs/:run/anomalies',
    { schema: { summary: 'Anomalies of a run, worst first, without evidence and contributions', tags: ['anomalies'], params: runParams, querystring: { type: 'object', properties: FILTERS } }, config: { answers: 'Anomalies' } },
    async ({ params, query }, reply) => {
      const outputs = await reader.outputs(params.run)
      const { limit, offset, severity, kind, detection, q, all } = query
      const text = await reader.answer(`${outputs.runId} anomalies ${JSON.stringify([limit, offset, severity, kind, detection, q, all])}`, () => pageOf(reader, outputs, query))
      return reply.type('application/json; charset=utf-8').send(text)
    },
  )

  server.get<{ Params: { run: string; number: number } }>(
    '/api/runs/:run/anomalies/:number',
    { schema: { summary: 'One anomaly with contributions, evidence lines and what people said of it', tags: ['anomalies'], params: ONE }, config: { answers: 'Anomaly' } },
    async ({ params }) => {
      const outputs = await reader.outputs(params.run)
      for await (const anomaly of chosen(reader, outputs, { all: true })) {
        if (anomaly.number !== params.number) continue
        const judgements = (await readJudgements(reader.store)).filter(({ entity }) => entity === anomaly.entity)
        return ok({ runId: outputs.runId, source: outputs.source, anomaly: Anomaly.parse(anomaly), judgements })
      }
      throw new LogpipeError('ANOMALY_NOT_FOUND', { runId: outputs.runId, wanted: params.number })
    },
  )
}
