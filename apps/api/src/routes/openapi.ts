import { Manifest, type PipelineDefinition, Pointer, Report, RunRecord } from '@logpipe/core'
import { Anomaly, Judgement } from '@logpipe/core/judgements'
import { ModelHead, Version } from '@logpipe/ml'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Schema of the answer's `data`, for the description only: answers are not filtered through it. */
    answers?: AnswerName
  }
}

type AnswerName = 'Runs' | 'Run' | 'Table' | 'Anomalies' | 'Anomaly' | 'Judgements' | 'Models' | 'Scored'

const counts = () => z.record(z.string(), z.int())
const answers = (): Record<AnswerName, z.ZodType> => ({
  Runs: z.object({ runs: z.array(RunRecord), total: z.int(), counts: counts() }),
  Run: z.object({ record: RunRecord, report: Report.nullable(), published: z.boolean() }),
  Table: z.object({ runId: z.string(), source: z.string(), table: z.string(), total: z.int().nullable(), rows: z.array(z.record(z.string(), z.unknown())) }),
  Anomalies: z.object({
    runId: z.string(), source: z.string(), total: z.int(), counts: counts(),
    anomalies: z.array(Anomaly.omit({ contributions: true, evidence: true }).extend({ number: z.int(), evidence_lines: z.int() })),
  }),
  Anomaly: z.object({ runId: z.string(), source: z.string(), anomaly: Anomaly, judgements: z.array(Judgement) }),
  Judgements: z.object({ judgements: z.array(Judgement) }),
  Models: z.object({ current: z.string().nullable(), held: z.boolean(), versions: z.array(Version.omit({ files: true })) }),
  Scored: z.object({
    model: z.string(),
    lines: z.array(z.object({ event: z.record(z.string(), z.unknown()).nullable(), quarantine: z.string().nullable(), detections: z.array(z.object({ id: z.string(), title: z.string(), technique: z.string(), severity: z.string() })) })),
    scores: z.array(z.object({ host: z.string(), address: z.string(), score: z.number(), flagged: z.boolean() })),
  }),
})

const SQL_TYPES: readonly [RegExp, object][] = [
  [/^(BIGINT|INTEGER)/, { type: 'integer' }],
  [/^(DOUBLE|DECIMAL)/, { type: 'number' }],
  [/^BOOLEAN/, { type: 'boolean' }],
  [/\[\]$|^STRUCT/, {}],
]
const typeOf = (sql: string): object => SQL_TYPES.find(([pattern]) => pattern.test(sql))?.[1] ?? { type: 'string' }

const envelope = (name: string): object => ({
  description: 'OK',
  content: { 'application/json': { schema: { type: 'object', required: ['ok', 'data'], properties: { ok: { const: true }, data: { $ref: `#/components/schemas/${name}` } } } } },
})

const FAILED = {
  type: 'object',
  properties: { ok: { const: false }, error: { type: 'object', properties: Object.fromEntries(['code', 'message', 'cause', 'fix', 'docs'].map((name) => [name, { type: 'string' }])) } },
}

/** `/openapi.json`, made from the routes and the schemas when it is asked for first. */
export async function addOpenApi(server: FastifyInstance, definition: () => Promise<PipelineDefinition>): Promise<void> {
  const { default: swagger } = await import('@fastify/swagger')
  const named = new Map<string, AnswerName>()
  server.addHook('onRoute', ({ method, url, config }) => {
    if (config?.answers !== undefined) named.set(`${String(method).toLowerCase()} ${url.replaceAll(/:(\w+)/g, '{$1}')}`, config.answers)
  })
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'logpipe', version: '1', description: 'Runs, tables, anomalies, models and scores of OpenSSH logs. Errors carry a permanent code: docs/errors.md.' },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' }, bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }, { bearer: [] }],
    },
  })

  let document: Promise<object> | undefined
  const make = async (): Promise<object> => {
    const made = server.swagger() as { paths?: Record<string, Record<string, { responses?: object }>>; components?: { schemas?: object } }
    for (const [path, methods] of Object.entries(made.paths ?? {})) {
      for (const [method, operation] of Object.entries(methods)) {
        const name = named.get(`${method} ${path}`)
        operation.responses = { ...(name === undefined ? operation.responses : { 200: envelope(name) }), default: { description: 'Failed', content: { 'application/json': { schema: FAILED } } } }
      }
    }
    const tables = [...(await definition()).schemas.values()].map((schema) => {
      const properties = Object.fromEntries(schema.columns.map(({ name, type, description }) => [name, { ...typeOf(type), description }]))
      return [`row_${schema.name}`, { type: 'object', properties }]
    })
    const schemas = Object.entries({ ...answers(), Pointer, Manifest, ModelHead }).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })])
    return { ...made, components: { ...made.components, schemas: Object.fromEntries([...schemas, ...tables]) as object } }
  }
  server.get('/openapi.json', { schema: { summary: 'This description', tags: ['service'] } }, () => (document ??= make()))
}
