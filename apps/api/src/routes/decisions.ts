import { latestPointers } from '@logpipe/core'
import { Anomaly, decide, DECISION_FORMATS, type DecisionFormat, formatDecisions, readJudgements } from '@logpipe/core/judgements'
import { SEVERITIES, type Severity } from '@logpipe/core/detections'
import type { Outputs, Reader } from '../data/reader.ts'
import { ok } from '../http/answers.ts'
import type { Routes } from './context.ts'

const QUERY = {
  type: 'object',
  properties: {
    run: { type: 'string', pattern: '^[a-z0-9-]{1,120}$', description: 'Of this run; left out: of all that is published' },
    severity: { enum: SEVERITIES, default: 'medium', description: 'At least' },
    seconds: { type: 'integer', minimum: 60, maximum: 31_536_000, default: 86_400, description: 'How long a block holds' },
    format: { enum: ['json', ...DECISION_FORMATS], default: 'json' },
  },
} as const

async function findings(reader: Reader, outputs: Outputs): Promise<Parameters<typeof decide>[0][number]> {
  const anomalies: Anomaly[] = []
  for await (const row of reader.rows(await reader.part(outputs, 'anomalies'))) if (row['flagged'] === true) anomalies.push(Anomaly.parse(row))
  const successful = new Set<string>()
  for await (const { address, successes } of reader.rows(await reader.part(outputs, 'activity_by_address'))) if (Number(successes) > 0 && typeof address === 'string') successful.add(address)
  return { runId: outputs.runId, anomalies, successful }
}

/** Addresses worth blocking, for people and for other tools; and what people said. */
export const decisionRoutes: Routes = (server, { reader }) => {
  server.get<{ Querystring: { run?: string; severity: Severity; seconds: number; format: 'json' | DecisionFormat } }>(
    '/api/decisions',
    { schema: { summary: 'Addresses worth blocking: never a range, an allowed, a private one, nor one that logged in', tags: ['anomalies'], querystring: QUERY } },
    async ({ query: { run, severity, seconds, format } }, reply) => {
      const all = run === undefined ? (await latestPointers(reader.store)).map((pointer) => ({ ...pointer, source: pointer.source.name })) : [await reader.outputs(run)]
      const found = []
      for (const outputs of all) found.push(await findings(reader, outputs))
      const nowMs = Date.now()
      const decisions = decide(found, await readJudgements(reader.store), { atLeast: severity, seconds, nowMs })
      return format === 'json' ? ok({ decisions }) : reply.type('text/plain; charset=utf-8').send(formatDecisions(format, decisions, nowMs))
    },
  )

  server.get('/api/judgements', { schema: { summary: 'What was dismissed or allowed: by whom, why, until when', tags: ['anomalies'] }, config: { answers: 'Judgements' } }, async () => ok({ judgements: await readJudgements(reader.store) }))
}
