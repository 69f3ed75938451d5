import { LogpipeError } from '@logpipe/core'
import type { z } from 'zod'
import { createSend, type DatabricksSettings } from './send.ts'
import { Cluster, Exported, Job, Jobs, Me, NodeTypes, Objects, ObjectStatus, Run, RunNow, RunOutput, Runs, Scopes, Secrets } from './shapes.ts'

/** A job by Jobs 2.2: what is sent to create and reset. */
export type JobSpec = Readonly<Record<string, unknown>> & { readonly name: string }

/** The part of the Databricks REST API that logpipe uses, one method a call, unless said. See Send for what they throw. */
export interface DatabricksClient {
  readonly host: string
  /** Who is logged in. */
  me(signal?: AbortSignal): Promise<string>
  /** Jobs of exactly that name, all pages. */
  jobsByName(name: string): Promise<Job[]>
  getJob(jobId: number): Promise<Job>
  /** Is not repeated after a lost answer: look by name first. */
  createJob(spec: JobSpec): Promise<number>
  resetJob(jobId: number, spec: JobSpec): Promise<void>
  /** The same token gives the same run, for as long as the workspace remembers it. */
  runNow(jobId: number, token: string, parameters: Readonly<Record<string, string>>): Promise<number>
  /** A run without a job, by the same rule. */
  submitRun(spec: Readonly<Record<string, unknown>>, token: string): Promise<number>
  getRun(runId: number, signal?: AbortSignal): Promise<Run>
  /** The words of the error of one task's run; '' where there are none. */
  runError(taskRunId: number): Promise<string>
  cancelRun(runId: number): Promise<void>
  /** Runs that are under way, of one job or of all, all pages. */
  activeRuns(jobId?: number): Promise<Run[]>
  /** Runs of a job that began at or after the time, ms. */
  runsSince(jobId: number, sinceMs: number): Promise<number>
  mkdirs(path: string): Promise<void>
  /** Writes over what is there. A notebook's source begins with a line of its own; anything else becomes a file. */
  importFile(path: string, text: string): Promise<void>
  importNotebook(path: string, text: string): Promise<void>
  /** Null where nothing is. */
  status(path: string): Promise<ObjectStatus | null>
  list(path: string): Promise<ObjectStatus[]>
  /** The source of a file or notebook; null where nothing is. */
  export(path: string): Promise<string | null>
  scopes(): Promise<string[]>
  secretKeys(scope: string): Promise<string[]>
  nodeTypes(): Promise<string[]>
  cluster(clusterId: string): Promise<{ state: string; message: string }>
}

/** Databricks' own code of an error that it rejected. */
export const errorCodeOf = (error: unknown): string => (error instanceof LogpipeError ? String(error.fields['errorCode'] ?? '') : '')

/** Jobs 2.2 for those who ask in a page for more than it gives. */
const PAGE = 100
const encode = (text: string): string => Buffer.from(text).toString('base64')

function read<T>(shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer)
  if (!parsed.success) throw new LogpipeError('DATABRICKS_SETTING_WRONG', { detail: 'What answers at DATABRICKS_HOST does not speak the Databricks API.' })
  return parsed.data
}

/** Throws DATABRICKS_SETTING_WRONG. */
export function createDatabricksClient(settings: DatabricksSettings): DatabricksClient {
  const { host, send } = createSend(settings)
  const get = async <T>(shape: z.ZodType<T>, path: string, query: Readonly<Record<string, string | number>> = {}, signal?: AbortSignal): Promise<T> =>
    read(shape, await send({ method: 'GET', path, query }, signal))
  const post = (path: string, body: object, repeatable = true): Promise<unknown> => send({ method: 'POST', path, body, repeatable })
  const orNull = <T>(call: Promise<T>): Promise<T | null> =>
    call.catch((error: unknown) => {
      if (errorCodeOf(error) === 'RESOURCE_DOES_NOT_EXIST') return null
      throw error
    })

  async function allRuns(query: Readonly<Record<string, string | number>>): Promise<Run[]> {
    const found: Run[] = []
    for (let token = ''; ;) {
      const page = await get(Runs, '/api/2.2/jobs/runs/list', { ...query, limit: 25, ...(token ? { page_token: token } : {}) })
      found.push(...page.runs)
      token = page.next_page_token
      if (token === '') return found
    }
  }

  return {
    host,
    me: async (signal) => (await get(Me, '/api/2.0/preview/scim/v2/Me', {}, signal)).userName,
    async jobsByName(name) {
      const found: Job[] = []
      for (let token = ''; ;) {
        const page = await get(Jobs, '/api/2.2/jobs/list', { name, limit: PAGE, ...(token ? { page_token: token } : {}) })
        found.push(...page.jobs)
        token = page.next_page_token
        // The filter of the API does not tell upper from lower case.
        if (token === '') return found.filter(({ settings: { name: own } }) => own === name)
      }
    },
    getJob: (jobId) => get(Job, '/api/2.2/jobs/get', { job_id: jobId }),
    createJob: async (spec) => read(Job.pick({ job_id: true }), await post('/api/2.2/jobs/create', spec, false)).job_id,
    resetJob: async (jobId, spec) => void (await post('/api/2.2/jobs/reset', { job_id: jobId, new_settings: spec })),
    runNow: async (jobId, token, parameters) => read(RunNow, await post('/api/2.2/jobs/run-now', { job_id: jobId, idempotency_token: token, job_parameters: parameters })).run_id,
    submitRun: async (spec, token) => read(RunNow, await post('/api/2.2/jobs/runs/submit', { ...spec, idempotency_token: token })).run_id,
    getRun: (runId, signal) => get(Run, '/api/2.2/jobs/runs/get', { run_id: runId }, signal),
    runError: async (taskRunId) => (await orNull(get(RunOutput, '/api/2.2/jobs/runs/get-output', { run_id: taskRunId })))?.error ?? '',
    cancelRun: async (runId) => void (await post('/api/2.2/jobs/runs/cancel', { run_id: runId })),
    activeRuns: (jobId) => allRuns({ active_only: 'true', ...(jobId === undefined ? {} : { job_id: jobId }) }),
    runsSince: async (jobId, sinceMs) => (await allRuns({ job_id: jobId, start_time_from: sinceMs })).length,
    mkdirs: async (path) => void (await post('/api/2.0/workspace/mkdirs', { path })),
    importFile: async (path, text) => void (await post('/api/2.0/workspace/import', { path, content: encode(text), format: 'RAW', overwrite: true })),
    importNotebook: async (path, text) => void (await post('/api/2.0/workspace/import', { path, content: encode(text), format: 'SOURCE', language: 'PYTHON', overwrite: true })),
    status: (path) => orNull(get(ObjectStatus, '/api/2.0/workspace/get-status', { path })),
    list: async (path) => (await get(Objects, '/api/2.0/workspace/list', { path })).objects,
    async export(path) {
      const found = await orNull(get(Exported, '/api/2.0/workspace/export', { path, format: 'SOURCE' }))
      return found && Buffer.from(found.content, 'base64').toString()
    },
    scopes: async () => (await get(Scopes, '/api/2.0/secrets/scopes/list')).scopes.map(({ name }) => name),
    secretKeys: async (scope) => (await get(Secrets, '/api/2.0/secrets/list', { scope })).secrets.map(({ key }) => key),
    nodeTypes: async () => (await get(NodeTypes, '/api/2.1/clusters/list-node-types')).node_types.map(({ node_type_id: id }) => id),
    async cluster(clusterId) {
      const { state, state_message: message } = await get(Cluster, '/api/2.1/clusters/get', { cluster_id: clusterId })
      return { state, message }
    },
  }
}
