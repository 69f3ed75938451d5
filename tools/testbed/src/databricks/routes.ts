import type { z } from 'zod'
import { BODIES, type JobSpec, type Submit } from './bodies.ts'
import { beginRun, describeRun, type RunFault } from './runs.ts'
import { clusterOf, type DoubleRun, normal, type Runner, type World } from './world.ts'

/** An answer that is an error, in Databricks' form. */
export class Refusal extends Error {
  readonly status: number
  readonly errorCode: string

  constructor(status: number, errorCode: string, message: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

export interface Context {
  readonly world: World
  readonly host: string
  readonly runner: Runner
  /** What befalls the next run of a job by its name, on this node type. */
  readonly fate: (name: string, nodeType: string) => RunFault | null
}

type Handler = (context: Context, body: unknown, query: URLSearchParams) => unknown

const bad = (message: string): Refusal => new Refusal(400, 'INVALID_PARAMETER_VALUE', message)
const missing = (message: string): Refusal => new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', message)

function parse<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body)
  if (!parsed.success) throw new Refusal(400, 'MALFORMED_REQUEST', `Could not parse request object: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
  return parsed.data
}

function checkSpec(world: World, spec: JobSpec | Submit): void {
  for (const task of spec.tasks) {
    const cluster = clusterOf(spec)
    if (cluster && !world.nodeTypes.has(cluster.node_type_id)) throw bad(`Node type ${cluster.node_type_id} is not supported.`)
    if (!cluster && !(spec.environments ?? []).some(({ environment_key: key }) => key === task.environment_key)) throw bad(`Task ${task.task_key} has neither a cluster nor an environment.`)
  }
}

const jobOf = ({ world }: Context, jobId: number): JobSpec => {
  const found = world.jobs.get(jobId)
  if (!found) throw bad(`Job ${jobId} does not exist.`)
  return found
}
const runOf = ({ world }: Context, runId: number): DoubleRun => {
  const found = world.runs.get(runId)
  if (!found) throw bad(`Run ${runId} does not exist.`)
  return found
}

/** A run by its idempotency token, else a new one. */
function begin(context: Context, spec: JobSpec | Submit, jobId: number | null, token: string | undefined, given: Record<string, string> = {}): object {
  const { world, runner, fate } = context
  const known = token === undefined ? undefined : world.tokens.get(token)
  if (known !== undefined) return { run_id: known }
  const name = 'name' in spec ? spec.name : ((spec).run_name ?? '')
  const run = beginRun(world, spec, jobId, given, runner, fate(name, clusterOf(spec)?.node_type_id ?? 'serverless'))
  if (token !== undefined) world.tokens.set(token, run.runId)
  return { run_id: run.runId }
}

/** A page of a list, by the number of its first entry as token. */
function page<T>(all: readonly T[], query: URLSearchParams, most: number): { entries: T[]; next: object } {
  const limit = Number(query.get('limit') ?? 20)
  if (limit < 1 || limit > most) throw bad(`limit must be between 1 and ${most}`)
  const from = Number(query.get('page_token') ?? 0)
  const end = from + limit
  return { entries: all.slice(from, end), next: end < all.length ? { next_page_token: String(end), has_more: true } : { has_more: false } }
}

function importObject({ world }: Context, body: unknown): object {
  const { path, content, format, language, overwrite } = parse(BODIES.import, body)
  const at = normal(path)
  const parent = at.slice(0, at.lastIndexOf('/')) || '/'
  if (world.objects.get(parent)?.type !== 'DIRECTORY') throw missing(`The parent folder (${parent}) does not exist.`)
  if (world.objects.has(at) && overwrite !== true) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Path (${at}) already exists.`)
  if (format === 'SOURCE' && language === undefined) throw bad('Format SOURCE needs a language.')
  const text = Buffer.from(content, 'base64').toString()
  const notebook = format === 'SOURCE' || (format === 'AUTO' && text.startsWith('# Databricks notebook source'))
  world.objects.set(at, { type: notebook ? 'NOTEBOOK' : 'FILE', text })
  return {}
}

const objectAt = ({ world }: Context, query: URLSearchParams): { path: string; object_type: string; text: string } => {
  const path = normal(query.get('path') ?? '')
  const found = world.objects.get(path)
  if (!found) throw missing(`Path (${path}) doesn't exist.`)
  return { path, object_type: found.type, text: found.text }
}

export const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /api/2.0/preview/scim/v2/Me': () => ({ id: '1', userName: 'engineer@example.org', active: true }),

  'POST /api/2.2/jobs/create': ({ world }, body) => {
    const spec = parse(BODIES.create, body)
    checkSpec(world, spec)
    const jobId = world.id()
    world.jobs.set(jobId, spec)
    return { job_id: jobId }
  },
  'POST /api/2.2/jobs/reset': (context, body) => {
    const { job_id: jobId, new_settings: spec } = parse(BODIES.reset, body)
    jobOf(context, jobId)
    checkSpec(context.world, spec)
    context.world.jobs.set(jobId, spec)
    return {}
  },
  // The workspace puts defaults beside what it was given.
  'GET /api/2.2/jobs/get': (context, _body, query) => {
    const jobId = Number(query.get('job_id'))
    return { job_id: jobId, creator_user_name: 'engineer@example.org', created_time: 0, settings: { email_notifications: {}, format: 'MULTI_TASK', ...jobOf(context, jobId) } }
  },
  'GET /api/2.2/jobs/list': ({ world }, _body, query) => {
    const name = query.get('name')?.toLowerCase()
    const { entries, next } = page([...world.jobs].filter(([, spec]) => name === undefined || spec.name.toLowerCase() === name), query, 100)
    return { jobs: entries.map(([jobId, { name: own, tags }]) => ({ job_id: jobId, settings: { name: own, tags } })), ...next }
  },
  'POST /api/2.2/jobs/run-now': (context, body) => {
    const { job_id: jobId, idempotency_token: token, job_parameters: given = {} } = parse(BODIES.runNow, body)
    const spec = jobOf(context, jobId)
    const undeclared = Object.keys(given).find((key) => !(spec.parameters ?? []).some(({ name }) => name === key))
    if (undeclared !== undefined) throw bad(`Job parameter ${undeclared} is not defined in the job.`)
    return begin(context, spec, jobId, token, given)
  },
  'POST /api/2.2/jobs/runs/submit': (context, body) => {
    const { idempotency_token: token, ...spec } = parse(BODIES.submit, body)
    checkSpec(context.world, spec)
    return begin(context, spec, null, token)
  },
  'GET /api/2.2/jobs/runs/get': (context, _body, query) => describeRun(context.host, runOf(context, Number(query.get('run_id')))),
  'GET /api/2.2/jobs/runs/get-output': (context, _body, query) => ({ error: runOf(context, Number(query.get('run_id')) - 1_000_000).error }),
  'POST /api/2.2/jobs/runs/cancel': (context, body) => {
    const run = runOf(context, parse(BODIES.cancel, body).run_id)
    if (run.state !== 'TERMINATED') {
      run.state = 'TERMINATING'
      run.stop.abort()
    }
    return {}
  },
  'GET /api/2.2/jobs/runs/list': ({ world, host }, _body, query) => {
    const jobId = query.get('job_id')
    const since = Number(query.get('start_time_from') ?? 0)
    const found = [...world.runs.values()]
      .filter((run) => (jobId === null || run.jobId === Number(jobId)) && run.startedMs >= since && (query.get('active_only') !== 'true' || run.state !== 'TERMINATED'))
      .reverse()
    const { entries, next } = page(found, query, 25)
    return { runs: entries.map((run) => describeRun(host, run)), ...next }
  },

  'POST /api/2.0/workspace/mkdirs': ({ world }, body) => {
    const segments = normal(parse(BODIES.mkdirs, body).path).split('/').slice(1)
    for (const [i] of segments.entries()) {
      const at = `/${segments.slice(0, i + 1).join('/')}`
      if ((world.objects.get(at)?.type ?? 'DIRECTORY') !== 'DIRECTORY') throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Path (${at}) is no folder.`)
      world.objects.set(at, { type: 'DIRECTORY', text: '' })
    }
    return {}
  },
  'POST /api/2.0/workspace/import': importObject,
  'GET /api/2.0/workspace/get-status': (context, _body, query) => {
    const { path, object_type } = objectAt(context, query)
    return { path, object_type }
  },
  'GET /api/2.0/workspace/export': (context, _body, query) => ({ content: Buffer.from(objectAt(context, query).text).toString('base64') }),
  'GET /api/2.0/workspace/list': (context, _body, query) => {
    const { path } = objectAt(context, query)
    const below = path === '/' ? '/' : `${path}/`
    return { objects: [...context.world.objects].filter(([name]) => name.startsWith(below) && name !== '/' && !name.slice(below.length).includes('/')).map(([name, { type }]) => ({ path: name, object_type: type })) }
  },

  'POST /api/2.0/secrets/scopes/create': ({ world }, body) => {
    const { scope } = parse(BODIES.createScope, body)
    if (world.scopes.has(scope)) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Scope ${scope} already exists!`)
    world.scopes.set(scope, new Map())
    return {}
  },
  'POST /api/2.0/secrets/put': ({ world }, body) => {
    const { scope, key, string_value: value } = parse(BODIES.putSecret, body)
    const found = world.scopes.get(scope)
    if (!found) throw missing(`Scope ${scope} does not exist!`)
    found.set(key, value)
    return {}
  },
  'GET /api/2.0/secrets/scopes/list': ({ world }) => ({ scopes: [...world.scopes.keys()].map((name) => ({ name, backend_type: 'DATABRICKS' })) }),
  'GET /api/2.0/secrets/list': ({ world }, _body, query) => {
    const found = world.scopes.get(query.get('scope') ?? '')
    if (!found) throw missing(`Scope ${query.get('scope') ?? ''} does not exist!`)
    return { secrets: [...found.keys()].map((key) => ({ key, last_updated_timestamp: 0 })) }
  },
  'GET /api/2.1/clusters/list-node-types': ({ world }) => ({ node_types: [...world.nodeTypes].map((id) => ({ node_type_id: id, memory_mb: 14336, num_cores: 4, description: id, instance_type_id: id, is_deprecated: false })) }),
  'GET /api/2.1/clusters/get': (_context, _body, query) => {
    throw bad(`Cluster ${query.get('cluster_id') ?? ''} does not exist`)
  },
}
