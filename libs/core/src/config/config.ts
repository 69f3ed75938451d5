import { z } from 'zod'
import { LogpipeError } from '../errors/error.ts'

export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Name of a stream: letters, digits and . _ - / @, as a host or a path has them. */
export const StreamName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/@-]{0,127}$/, 'letters, digits and . _ - / @, at most 128')

const SourceSettings = z.strictObject({
  /** Blob names that start with it; the longest matching prefix wins. */
  prefix: z.string(),
  /** IANA zone of local times without offset. */
  timezone: z.string().refine(isZone, 'an IANA time zone such as Europe/Berlin').optional(),
  /** No inferred time lies after it; the blob's Last-Modified otherwise. */
  baseTime: z.iso.datetime({ offset: true }).optional(),
  /** Files of one stream follow each other, as rotated logs do: an attack over two of them is one. */
  stream: StreamName.optional(),
})

const Image = z.string().regex(/^([^@\s]+@sha256:[0-9a-f]{64})?$/, 'an image by its digest: REGISTRY/NAME@sha256:…').default('')

/** All settings, with their defaults. The names are those of logpipe.config.yaml; ENVIRONMENT says which variables overlay them. */
export const Config = z.strictObject({
  target: z.enum(['embedded', 'azure']).default('embedded'),
  /** `auto`: Databricks where it is configured and the source has databricks.minBytes, else DuckDB. */
  engine: z.enum(['duckdb', 'databricks', 'auto']).default('duckdb'),
  storage: z.strictObject({
    /** Connection string, or https://ACCOUNT.blob.core.windows.net to log in by Entra. */
    connection: z.string().min(1),
  }),
  sources: z.array(SourceSettings).default([]),
  /** When the timer looks for sources without a run; six-field NCRONTAB. */
  schedule: z.string().regex(/^(\S+ ){5}\S+$/, 'six fields, e.g. "0 */5 * * * *"').default('0 */5 * * * *'),
  quality: z
    .strictObject({
      /** Each overrides the expectation of the same name in pipeline.yaml. Shares (0 to 1) of the lines that are not blank. */
      maxQuarantinedShare: z.number().min(0).max(1).optional(),
      maxUnclassifiedShare: z.number().min(0).max(1).optional(),
      maxBackwardsShare: z.number().min(0).max(1).optional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Longer lines are quarantined with their length and hash. */
      maxLineBytes: z.int().min(1024).max(16 * 2 ** 20).default(65_536),
      /** Against decompression bombs: bytes out for each byte of a gzip source. sshd logs reach about 20. */
      maxGzipRatio: z.int().min(2).max(1032).default(200),
      /** Bytes that a gzip source may unpack to. */
      maxUnpackedBytes: z.int().min(2 ** 20).default(64 * 2 ** 30),
    })
    .prefault({}),
  model: z
    .strictObject({
      /** Sources that the model is made of, the newest; what the others taught is forgotten. */
      sources: z.int().min(1).max(1000).default(100),
      /** Versions that the registry names. */
      versions: z.int().min(1).max(500).default(50),
    })
    .prefault({}),
  duckdb: z
    .strictObject({
      threads: z.int().min(1).max(64).default(2),
      memoryLimit: z.string().regex(/^\d+(MB|GB)$/, 'a size such as 300MB').default('300MB'),
      workDir: z.string().default('.logpipe/work'),
    })
    .prefault({}),
  databricks: z
    .strictObject({
      /** https://adb-….azuredatabricks.net; empty: there is no workspace. */
      host: z.string().default(''),
      /** The login, only by the environment: a token, else a service principal of Databricks, else Entra. */
      token: z.string().default(''),
      clientId: z.string().default(''),
      clientSecret: z.string().default(''),
      /** Part of the names of folder and jobs: more than one deployment may share a workspace. */
      environment: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'small letters, digits and -').default('dev'),
      sparkVersion: z.string().default('13.3.x-scala2.12'),
      /** In order: the next one is taken where the one before is not to be had. */
      nodeTypes: z.array(z.string()).min(1).default(['Standard_DS3_v2', 'Standard_D4ds_v5']),
      workers: z.int().min(1).max(200).default(2),
      /** Workers from spare capacity: cheaper, and may be taken away. */
      spot: z.boolean().default(false),
      /** Instead of a cluster for each job. */
      serverless: z.boolean().default(false),
      /** Where the key of the storage account is kept. */
      secretScope: z.string().default('logpipe'),
      secretKey: z.string().default('storage-key'),
      scheme: z.enum(['abfss', 'wasb']).default('abfss'),
      /** Default: https://ACCOUNT.blob.core.windows.net */
      blobEndpoint: z.string().default(''),
      costCentre: z.string().default('logpipe'),
      /** What one layer may take, cluster start included. */
      timeoutSeconds: z.int().min(60).default(7200),
      /** Jobs of one layer that begin in a day (UTC). */
      runsPerDay: z.int().min(1).default(200),
      maxBytes: z.int().min(1).default(2 ** 40),
      /** From this size on `engine: auto` takes Databricks: below it a cluster takes longer to start than DuckDB to end. */
      minBytes: z.int().min(0).default(2 ** 30),
      /** For estimates only: of one node for an hour, machine and DBU together, in any currency. */
      nodeHourPrice: z.number().min(0).default(0.52),
    })
    .prefault({}),
  services: z
    .strictObject({
      /** Module that starts the API as a process; empty: no services are run. */
      apiEntry: z.string().default(''),
      /** An API that somebody else keeps up; then none is started. */
      apiUrl: z.union([z.literal(''), z.url()]).default(''),
      apiKey: z.string().default(''),
    })
    .prefault({}),
  functions: z
    .strictObject({
      /** The function app that runs the pipeline on Azure; empty: the command itself does. */
      url: z.string().regex(/^(https:\/\/.+|http:\/\/127\.0\.0\.1(:\d+)?\/?)?$/, 'https://APP.azurewebsites.net, or http://127.0.0.1:PORT').default(''),
      /** Its function key. Only by the environment. */
      key: z.string().default(''),
    })
    .prefault({}),
  /** The cluster that serves the results on Azure: docs/services.md. All empty: the API runs as a process, or not at all. */
  aks: z
    .strictObject({
      /** The AKS cluster by its names in Azure … */
      subscription: z.string().default(''),
      resourceGroup: z.string().default(''),
      cluster: z.string().default(''),
      /** … or a kubeconfig of this machine instead. */
      kubeconfig: z.string().default(''),
      /** Context in the kubeconfig; empty: its current one. */
      context: z.string().default(''),
      namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a name of Kubernetes: a-z, 0-9 and -').default('logpipe'),
      overlay: z.enum(['dev', 'prod']).default('dev'),
      images: z.strictObject({ api: Image, mlflow: Image }).prefault({}),
      /** Client id of the managed identity that the pods log in with. */
      clientId: z.string().default(''),
    })
    .prefault({}),
  mlflow: z
    .strictObject({
      /** MLflow 3: https, or http on loopback; empty: runs are tracked nowhere. */
      url: z.string().default(''),
      experiment: z.string().min(1).default('logpipe'),
      /** Basic login, or a bearer token instead. Only by the environment. */
      username: z.string().default(''),
      password: z.string().default(''),
      token: z.string().default(''),
    })
    .prefault({}),
  /** Content that a run has published already, under another name or uploaded again: its results are taken over, or made once more. */
  duplicates: z.enum(['skip', 'process']).default('skip'),
  /** Days after which the timer removes data of ended runs that nothing needs; null: never. */
  retentionDays: z.int().min(1).nullable().default(null),
  /** Runs at once; the others wait for their turn. */
  parallelRuns: z.int().min(1).max(64).default(4),
  /** Attempts of one stage before the run fails. */
  stageAttempts: z.int().min(1).max(10).default(3),
  /** What one attempt of a stage may take. */
  stageTimeoutSeconds: z.int().min(1).max(86_400).default(1800),
})
export type Config = z.infer<typeof Config>

/** Environment variable → path in Config. Secrets come only this way. */
export const ENVIRONMENT: Readonly<Record<string, readonly string[]>> = {
  LOGPIPE_TARGET: ['target'],
  LOGPIPE_ENGINE: ['engine'],
  AzureWebJobsStorage: ['storage', 'connection'],
  LOGPIPE_STORAGE: ['storage', 'connection'],
  LOGPIPE_SCHEDULE: ['schedule'],
  LOGPIPE_MAX_QUARANTINED_SHARE: ['quality', 'maxQuarantinedShare'],
  LOGPIPE_THREADS: ['duckdb', 'threads'],
  LOGPIPE_MEMORY_LIMIT: ['duckdb', 'memoryLimit'],
  LOGPIPE_WORK_DIR: ['duckdb', 'workDir'],
  LOGPIPE_API_ENTRY: ['services', 'apiEntry'],
  LOGPIPE_API_URL: ['services', 'apiUrl'],
  LOGPIPE_API_KEY: ['services', 'apiKey'],
  LOGPIPE_FUNCTIONS_URL: ['functions', 'url'],
  LOGPIPE_FUNCTIONS_KEY: ['functions', 'key'],
  AZURE_SUBSCRIPTION_ID: ['aks', 'subscription'],
  LOGPIPE_AKS_RESOURCE_GROUP: ['aks', 'resourceGroup'],
  LOGPIPE_AKS_CLUSTER: ['aks', 'cluster'],
  LOGPIPE_AKS_KUBECONFIG: ['aks', 'kubeconfig'],
  LOGPIPE_AKS_CONTEXT: ['aks', 'context'],
  LOGPIPE_AKS_NAMESPACE: ['aks', 'namespace'],
  LOGPIPE_AKS_OVERLAY: ['aks', 'overlay'],
  LOGPIPE_API_IMAGE: ['aks', 'images', 'api'],
  LOGPIPE_MLFLOW_IMAGE: ['aks', 'images', 'mlflow'],
  LOGPIPE_PODS_CLIENT_ID: ['aks', 'clientId'],
  LOGPIPE_MLFLOW_URL: ['mlflow', 'url'],
  LOGPIPE_MLFLOW_EXPERIMENT: ['mlflow', 'experiment'],
  LOGPIPE_MLFLOW_USERNAME: ['mlflow', 'username'],
  LOGPIPE_MLFLOW_PASSWORD: ['mlflow', 'password'],
  LOGPIPE_MLFLOW_TOKEN: ['mlflow', 'token'],
  DATABRICKS_HOST: ['databricks', 'host'],
  DATABRICKS_TOKEN: ['databricks', 'token'],
  DATABRICKS_CLIENT_ID: ['databricks', 'clientId'],
  DATABRICKS_CLIENT_SECRET: ['databricks', 'clientSecret'],
  LOGPIPE_DATABRICKS_ENVIRONMENT: ['databricks', 'environment'],
  LOGPIPE_DATABRICKS_SCHEME: ['databricks', 'scheme'],
  LOGPIPE_DATABRICKS_BLOB_ENDPOINT: ['databricks', 'blobEndpoint'],
  LOGPIPE_RETENTION_DAYS: ['retentionDays'],
  LOGPIPE_DUPLICATES: ['duplicates'],
  LOGPIPE_PARALLEL_RUNS: ['parallelRuns'],
  LOGPIPE_STAGE_ATTEMPTS: ['stageAttempts'],
  LOGPIPE_STAGE_TIMEOUT_SECONDS: ['stageTimeoutSeconds'],
}
const NUMERIC = new Set(['LOGPIPE_RETENTION_DAYS', 'LOGPIPE_PARALLEL_RUNS', 'LOGPIPE_MAX_QUARANTINED_SHARE', 'LOGPIPE_THREADS', 'LOGPIPE_STAGE_ATTEMPTS', 'LOGPIPE_STAGE_TIMEOUT_SECONDS'])
const SECRET = new Set(['storage.connection', 'services.apiKey', 'functions.key', 'mlflow.password', 'mlflow.token', 'databricks.token', 'databricks.clientSecret'])

const asNumber = (text: string): number | string => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text)

type Tree = Record<string, unknown>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

function overlay(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [head, ...rest] = path
  if (head === undefined) return tree
  const below = tree[head]
  return { ...tree, [head]: rest.length === 0 ? value : overlay(isTree(below) ? below : {}, rest, value) }
}

/** Config from a parsed file and the environment. Throws CONFIG_NOT_VALID that names every fault at once: path, expected, got. */
export function parseConfig(file: unknown, environment: Readonly<Record<string, string | undefined>>): Config {
  let tree: Tree = isTree(file) ? file : {}
  for (const [name, path] of Object.entries(ENVIRONMENT)) {
    const value = environment[name]
    if (value !== undefined && value !== '') tree = overlay(tree, path, NUMERIC.has(name) ? asNumber(value) : value)
  }
  const result = Config.safeParse(tree)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => {
    const path = issue.path.join('.')
    const got = path.split('.').reduce<unknown>((at, key) => (isTree(at) ? at[key] : Array.isArray(at) ? (at as unknown[])[Number(key)] : undefined), tree)
    const shown = got === undefined ? 'nothing' : SECRET.has(path) ? 'a value' : JSON.stringify(got)
    return `  ${path || 'the file'}: ${issue.message} (got ${shown})`
  })
  throw new LogpipeError('CONFIG_NOT_VALID', { detail: `\n${lines.join('\n')}` })
}

/** The settings of the longest prefix that fits. */
export function sourceSettings(config: Config, name: string): z.infer<typeof SourceSettings> {
  const fitting = config.sources.filter((source) => name.startsWith(source.prefix)).sort((a, b) => b.prefix.length - a.prefix.length)
  return fitting[0] ?? { prefix: '' }
}
