import { LogpipeError, type ObjectStore, type PipelineDefinition } from '@logpipe/core'
import fastify, { type FastifyInstance } from 'fastify'
import { ServingModel } from './data/model.ts'
import { Reader } from './data/reader.ts'
import { failure } from './http/answers.ts'
import { type EntraOptions, entraTokens } from './http/entra.ts'
import { FunctionsApp } from './http/functions.ts'
import { guard } from './http/guard.ts'
import { Metrics } from './http/metrics.ts'
import { Sessions } from './http/session.ts'
import { anomalyRoutes } from './routes/anomalies.ts'
import type { Context } from './routes/context.ts'
import { controlRoutes } from './routes/control.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { decisionRoutes } from './routes/decisions.ts'
import { eventRoutes, Streams } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { modelRoutes } from './routes/models.ts'
import { addOpenApi } from './routes/openapi.ts'
import { runRoutes } from './routes/runs.ts'
import { sessionRoutes } from './routes/session.ts'
import { tableRoutes } from './routes/tables.ts'

export interface ServerOptions {
  readonly store: ObjectStore
  readonly key: string
  readonly hosts: readonly string[]
  readonly ratePerMinute: number
  readonly functions: { readonly url: string; readonly key: string } | null
  readonly entra: EntraOptions | null
  /** Read when a line is scored first. */
  readonly definition: () => Promise<PipelineDefinition>
  /** Told of each answer that is the server's own failure. */
  readonly log: (entry: Record<string, unknown>) => void
}

const ROUTES = [healthRoutes, sessionRoutes, runRoutes, tableRoutes, anomalyRoutes, decisionRoutes, modelRoutes, controlRoutes, eventRoutes, dashboardRoutes]

/** Scripts and styles are files of ours: nothing inline, nothing from elsewhere. */
const CSP = { defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'"], connectSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'self'"], frameAncestors: ["'none'"] }

/** What the pipeline serves to people and programs. Reads published runs; what changes something is asked of the functions app. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const [{ default: helmet }, { default: rateLimit }] = await Promise.all([import('@fastify/helmet'), import('@fastify/rate-limit')])
  const server = fastify({ bodyLimit: 2 ** 20, requestTimeout: 30_000, forceCloseConnections: 'idle', routerOptions: { maxParamLength: 200 } })
  const functions = new FunctionsApp(options.functions)
  const context: Context = {
    options, functions, reader: new Reader(options.store, (runId) => functions.stages(runId)), model: new ServingModel(options.store), metrics: new Metrics(), sessions: new Sessions(options.key), streams: new Streams(),
  }

  await server.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: CSP }, strictTransportSecurity: false, crossOriginEmbedderPolicy: false })
  await server.register(rateLimit, { max: options.ratePerMinute, timeWindow: 60_000, errorResponseBuilder: (_request, { max }) => new LogpipeError('TOO_MANY_REQUESTS', { limit: max }) })
  server.addHook('onRequest', guard({ key: options.key, hosts: options.hosts, sessions: context.sessions, tokens: options.entra && entraTokens(options.entra) }))
  server.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store')
  })
  server.addHook('onResponse', async (request, reply) => {
    context.metrics.request(`${request.method} ${request.routeOptions.url ?? 'other'}`, reply.statusCode, reply.elapsedTime / 1000)
  })
  server.setErrorHandler(async (thrown, request, reply) => {
    const { status, error } = failure(thrown)
    if (status >= 500) options.log({ event: 'api-failed', route: request.routeOptions.url, status, code: error.code, cause: error.cause })
    return reply.code(status).send({ ok: false, error })
  })
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ ok: false, error: new LogpipeError('REQUEST_NOT_VALID', { detail: 'There is no such route.' }).toDocument() }))
  server.addHook('preClose', async () => {
    context.streams.end()
    context.metrics.close()
  })

  await addOpenApi(server, options.definition)
  for (const add of ROUTES) add(server, context)
  return server
}
