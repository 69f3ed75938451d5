import { LogpipeError } from '@logpipe/core'
import { z } from 'zod'
import { createSend, type MlflowSettings, type Send } from './send.ts'

export interface MlflowRun {
  readonly id: string
  readonly finished: boolean
  /** `mlflow-artifacts:/EXPERIMENT/RUN/artifacts` */
  readonly artifactUri: string
}

export interface MlflowVersion {
  /** Counted by MLflow from 1. */
  readonly version: string
}

export type Texts = Readonly<Record<string, string>>

export interface RunData {
  readonly params: Texts
  readonly metrics: Readonly<Record<string, number>>
  readonly tags: Texts
  /** Moment of the metrics, ms: the same one again is no second value. */
  readonly timestampMs: number
}

/** The part of MLflow's REST API that logpipe uses, one method a call, unless said. */
export interface MlflowApi {
  /** Id of the experiment by name, made where it is missing; safe against others who make it at the same time. */
  experimentId(name: string): Promise<string>
  /** Runs that carry all the tags, deleted ones left out; at most 10. */
  findRuns(experimentId: string, tags: Texts): Promise<MlflowRun[]>
  createRun(experimentId: string, name: string, startMs: number, tags: Texts): Promise<void>
  logBatch(runId: string, data: RunData): Promise<void>
  finishRun(runId: string, endMs: number): Promise<void>
  /** MLflow keeps a deleted run restorable. */
  deleteRun(runId: string): Promise<void>
  /** Writes over what is there. */
  putArtifact(run: MlflowRun, path: string, body: Uint8Array): Promise<void>
  /** Makes the registered model where it is missing. */
  ensureModel(name: string): Promise<void>
  /** Versions that carry all the tags, oldest first; at most 10. */
  findVersions(name: string, tags: Texts): Promise<MlflowVersion[]>
  createVersion(name: string, run: MlflowRun, path: string, tags: Texts): Promise<void>
  deleteVersion(name: string, version: string): Promise<void>
  setAlias(name: string, alias: string, version: string): Promise<void>
}

export interface MlflowClient {
  readonly endpoint: string
  readonly experiment: string
  /** Calls end when the signal says so; see Send for what they throw. */
  api(signal: AbortSignal): MlflowApi
}

const API = '/api/2.0/mlflow'
const Experiment = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) })
const Runs = z.object({
  runs: z.array(z.object({ info: z.object({ run_id: z.string(), status: z.string(), artifact_uri: z.string() }) })).default([]),
})
const Versions = z.object({ model_versions: z.array(z.object({ version: z.string() })).default([]) })

function read<T>(shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer)
  if (!parsed.success) throw new LogpipeError('MLFLOW_SETTING_WRONG', { detail: 'What answers there does not speak MLflow 3.' })
  return parsed.data
}

const pairs = <V>(record: Readonly<Record<string, V>>): { key: string; value: V }[] => Object.entries(record).map(([key, value]) => ({ key, value }))
/** Keys and values are our own and hold no quotes (see documents.ts). */
const filter = (tags: Texts): string => Object.entries(tags).map(([key, value]) => `tags.\`${key}\` = '${value}'`).join(' AND ')
const errorCodeOf = (error: unknown): unknown => (error instanceof LogpipeError ? error.fields['errorCode'] : null)

/** The proxied path of a run's artifact. Throws MLFLOW_SETTING_WRONG where the server hands artifacts to the client's own storage. */
function artifactPath(uri: string, path: string): string {
  const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1]
  const segments = `${root ?? '..'}/${path}`.split('/')
  if (segments.includes('..')) throw new LogpipeError('MLFLOW_SETTING_WRONG', { detail: 'The server does not take artifacts itself: start it with --serve-artifacts.' })
  return `/api/2.0/mlflow-artifacts/artifacts/${segments.map(encodeURIComponent).join('/')}`
}

/** Throws MLFLOW_SETTING_WRONG. */
export function createMlflowClient({ experiment, ...settings }: MlflowSettings & { readonly experiment: string }): MlflowClient {
  const { endpoint, send } = createSend(settings)
  return { endpoint, experiment, api: (signal) => createApi(send, signal) }
}

function createApi(send: Send, signal: AbortSignal): MlflowApi {
  const post = (name: string, body: object): Promise<unknown> => send({ method: 'POST', path: `${API}/${name}`, body }, signal)
  const get = (name: string, query: Texts): Promise<unknown> => send({ method: 'GET', path: `${API}/${name}`, query }, signal)
  /** Gives `other` for one of MLflow's own error codes. */
  const unless = async <T, O>(errorCode: string, call: Promise<T>, other: O): Promise<T | O> =>
    call.catch((error: unknown) => {
      if (errorCodeOf(error) === errorCode) return other
      throw error
    })

  const experimentByName = async (name: string): Promise<z.infer<typeof Experiment>['experiment'] | null> => {
    const found = await unless('RESOURCE_DOES_NOT_EXIST', get('experiments/get-by-name', { experiment_name: name }), null)
    return found === null ? null : read(Experiment, found).experiment
  }

  return {
    async experimentId(name) {
      let found = await experimentByName(name)
      if (!found) {
        await unless('RESOURCE_ALREADY_EXISTS', post('experiments/create', { name }), null)
        found = await experimentByName(name)
      }
      if (found?.lifecycle_stage !== 'active') {
        throw new LogpipeError('MLFLOW_SETTING_WRONG', { detail: `The experiment "${name}" is ${found ? 'deleted: restore it, or name another' : 'made and not found'}.` })
      }
      return found.experiment_id
    },

    async findRuns(experimentId, tags) {
      const found = read(Runs, await post('runs/search', { experiment_ids: [experimentId], filter: filter(tags), max_results: 10 }))
      return found.runs.map(({ info }) => ({ id: info.run_id, finished: info.status === 'FINISHED', artifactUri: info.artifact_uri }))
    },

    async createRun(experimentId, name, startMs, tags) {
      await post('runs/create', { experiment_id: experimentId, run_name: name, start_time: startMs, tags: pairs(tags) })
    },

    async logBatch(runId, { params, metrics, tags, timestampMs }) {
      const values = pairs(metrics).map((metric) => ({ ...metric, timestamp: timestampMs, step: 0 }))
      await post('runs/log-batch', { run_id: runId, params: pairs(params), metrics: values, tags: pairs(tags) })
    },

    async finishRun(runId, endMs) {
      await post('runs/update', { run_id: runId, status: 'FINISHED', end_time: endMs })
    },

    async deleteRun(runId) {
      await post('runs/delete', { run_id: runId })
    },

    async putArtifact({ artifactUri }, path, body) {
      await send({ method: 'PUT', path: artifactPath(artifactUri, path), body }, signal)
    },

    async ensureModel(name) {
      await unless('RESOURCE_ALREADY_EXISTS', post('registered-models/create', { name }), null)
    },

    async findVersions(name, tags) {
      const found = read(Versions, await get('model-versions/search', { filter: `name = '${name}' AND ${filter(tags)}`, max_results: '10' }))
      return found.model_versions.sort((a, b) => Number(a.version) - Number(b.version))
    },

    async createVersion(name, run, path, tags) {
      await post('model-versions/create', { name, source: `${run.artifactUri}/${path}`, run_id: run.id, tags: pairs(tags) })
    },

    async deleteVersion(name, version) {
      await send({ method: 'DELETE', path: `${API}/model-versions/delete`, body: { name, version } }, signal)
    },

    async setAlias(name, alias, version) {
      await post('registered-models/alias', { name, alias, version })
    },
  }
}
