import { LAYER_STAGES } from '@logpipe/core'
import type { JobSpec } from '../client/client.ts'

/** How the jobs are made; `config.databricks` fits. */
export interface JobOptions {
  readonly environment: string
  readonly sparkVersion: string
  readonly nodeTypes: readonly string[]
  readonly workers: number
  readonly spot: boolean
  readonly serverless: boolean
  readonly secretScope: string
  readonly secretKey: string
  readonly scheme: 'abfss' | 'wasb'
  /** Empty: the account's usual one. */
  readonly blobEndpoint: string
  readonly costCentre: string
  readonly timeoutSeconds: number
}

const LIBRARIES = ['azure-storage-blob==12.26.0', 'azure-identity==1.21.0']
/** Jobs of one layer at once; more of them wait in the workspace's own queue. */
const AT_ONCE = 10

export const jobName = (layer: string, environment: string): string => `logpipe-${layer}-${environment}`
export const folderOf = (environment: string, hash: string): string => `/Workspace/Shared/logpipe/${environment}/${hash}`

/** A cluster lives for its job and ends with it: `autotermination_minutes` is refused there. */
function cluster(options: JobOptions, account: string, nodeType: string): object {
  const { sparkVersion, workers, spot, secretScope, secretKey, scheme, costCentre } = options
  const secret = `{{secrets/${secretScope}/${secretKey}}}`
  return {
    spark_version: sparkVersion,
    node_type_id: nodeType,
    num_workers: workers,
    spark_conf: { [`fs.azure.account.key.${account}.${scheme === 'wasb' ? 'blob' : 'dfs'}.core.windows.net`]: secret },
    spark_env_vars: { LOGPIPE_STORAGE_KEY: secret },
    custom_tags: { cost_centre: costCentre },
    ...(spot ? { azure_attributes: { first_on_demand: 1, availability: 'SPOT_WITH_FALLBACK_AZURE' } } : {}),
  }
}

/** Where the task of a layer runs. */
function place(options: JobOptions, account: string, nodeType: string): { readonly task: object; readonly job: object } {
  return options.serverless
    ? {
        task: { environment_key: 'layer' },
        job: { environments: [{ environment_key: 'layer', spec: { environment_version: '2', dependencies: LIBRARIES } }] },
      }
    : {
        task: { job_cluster_key: 'layer', libraries: LIBRARIES.map((name) => ({ pypi: { package: name } })) },
        job: { job_clusters: [{ job_cluster_key: 'layer', new_cluster: cluster(options, account, nodeType) }] },
      }
}

/** The job of a layer, as it is created and reset. The bundle in deploy/databricks says the same; a test holds them equal. */
export function jobSpec(layer: string, options: JobOptions, account: string, folder: string): JobSpec {
  const { environment, costCentre, timeoutSeconds, nodeTypes, scheme, blobEndpoint } = options
  const { task, job } = place(options, account, nodeTypes[0]!)
  const parameters = { task: '', storage_account: account, scheme, blob_endpoint: blobEndpoint, code: folder }
  return {
    name: jobName(layer, environment),
    tags: { logpipe: `${environment}/${layer}`, cost_centre: costCentre },
    tasks: [{ task_key: layer, notebook_task: { notebook_path: `${folder}/notebooks/${layer}`, source: 'WORKSPACE' }, max_retries: 0, ...task }],
    ...job,
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, default: value })),
    max_concurrent_runs: AT_ONCE,
    queue: { enabled: true },
    timeout_seconds: timeoutSeconds,
  }
}

export const jobSpecs = (options: JobOptions, account: string, folder: string): JobSpec[] => LAYER_STAGES.map((layer) => jobSpec(layer, options, account, folder))

/** The same work once, on another node type: a job's own cluster cannot be changed for one run. */
export function submitSpec(layer: string, options: JobOptions, account: string, folder: string, nodeType: string, task: string): Record<string, unknown> {
  const { environment, scheme, blobEndpoint, timeoutSeconds } = options
  const base_parameters = { task, storage_account: account, scheme, blob_endpoint: blobEndpoint, code: folder }
  return {
    run_name: jobName(layer, environment),
    tasks: [
      {
        task_key: layer,
        notebook_task: { notebook_path: `${folder}/notebooks/${layer}`, source: 'WORKSPACE', base_parameters },
        libraries: LIBRARIES.map((name) => ({ pypi: { package: name } })),
        new_cluster: cluster(options, account, nodeType),
      },
    ],
    timeout_seconds: timeoutSeconds,
  }
}
