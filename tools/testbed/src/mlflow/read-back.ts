import type { MlflowServer } from './mlflow-server.ts'

export interface ReadRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string; readonly start_time: number; readonly end_time: number }
  readonly data: Readonly<Record<'params' | 'tags', { key: string; value: string }[]>> & { readonly metrics: { key: string; value: number }[] }
}
export interface ReadVersion {
  readonly version: string
  readonly source: string
  readonly run_id: string
  readonly status: string
  readonly tags: readonly { key: string; value: string }[]
}

/** Asks the server itself, with no code of the client that is under test. */
export function readBack({ url, username, password }: Pick<MlflowServer, 'url' | 'username' | 'password'>) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const ask = async (path: string, body?: object): Promise<Response> => {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    const answer = await fetch(`${url}/api/2.0/${path}`, { ...init, headers: { authorization, 'content-type': 'application/json' } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const json = async <T>(path: string, body?: object): Promise<T> => (await ask(path, body)).json() as Promise<T>
  const query = (values: Record<string, string>): string => String(new URLSearchParams(values))

  return {
    post: (path: string, body: object) => json<object>(path, body),
    experimentId: async (name: string) => {
      const { experiment } = await json<{ experiment: { experiment_id: string } }>(`mlflow/experiments/get-by-name?${query({ experiment_name: name })}`)
      return experiment.experiment_id
    },
    /** All runs that are not deleted, oldest first. */
    runs: async (experimentId: string) => {
      const { runs = [] } = await json<{ runs?: ReadRun[] }>('mlflow/runs/search', { experiment_ids: [experimentId], order_by: ['attributes.start_time ASC'] })
      return runs
    },
    /** Every value a metric ever had. */
    metricHistory: async (runId: string, key: string) => {
      const { metrics = [] } = await json<{ metrics?: { value: number; timestamp: number; step: number }[] }>(`mlflow/metrics/get-history?${query({ run_id: runId, metric_key: key })}`)
      return metrics
    },
    artifacts: async (runId: string, path: string) => {
      const { files = [] } = await json<{ files?: { path: string; file_size: number }[] }>(`mlflow/artifacts/list?${query({ run_id: runId, path })}`)
      return files
    },
    artifact: async (experimentId: string, runId: string, path: string) => (await ask(`mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`)).text(),
    versions: async (name: string) => {
      const { model_versions: found = [] } = await json<{ model_versions?: ReadVersion[] }>(`mlflow/model-versions/search?${query({ filter: `name = '${name}'` })}`)
      return found
    },
    aliased: async (name: string, alias: string) => {
      const { model_version: found } = await json<{ model_version: ReadVersion }>(`mlflow/registered-models/alias?${query({ name, alias })}`)
      return found
    },
  }
}
