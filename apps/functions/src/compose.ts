import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Clock, Config, JobEngine, LayerEngine, Logger, PipelineDefinition, ServicesPort } from '@logpipe/core'
import { createDatabricksClient, createDatabricksEngine, definitionHash, layerFiles } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { loadConfig } from '@logpipe/definition/config'
import { createDuckDbEngine } from '@logpipe/duckdb'
import { createMlflowClient, type MlflowClient } from '@logpipe/ml'
import { createProcessServices } from '@logpipe/processes'
import { type BlobStore, connectBlobService, createBlobStore } from '@logpipe/storage'
import { createLog } from './log.ts'

/** What triggers and activities need. */
export interface App {
  readonly config: Config
  readonly store: BlobStore
  readonly definition: PipelineDefinition
  readonly engine: LayerEngine
  /** Null where no Databricks workspace is set. */
  readonly jobs: JobEngine | null
  readonly services: ServicesPort & { stop(): Promise<void> }
  /** Null where no URL is set. */
  readonly mlflow: MlflowClient | null
  readonly clock: Clock
  /** Names this process. */
  readonly worker: string
  readonly log: Logger
}

/** Loaded late: the SDKs of Azure and Kubernetes take a second that other runs need not wait. */
async function servicesOnAks(config: Config, holder: string): Promise<App['services']> {
  const { aksSettings, createAksServices } = await import('@logpipe/aks')
  return { ...createAksServices({ ...aksSettings(config), holder, apiKey: config.services.apiKey }), stop: () => Promise.resolve() }
}

async function composeJobs({ databricks: options }: Config, store: BlobStore, definition: PipelineDefinition, clock: Clock): Promise<JobEngine | null> {
  if (options.host === '') return null
  const client = createDatabricksClient(options)
  return createDatabricksEngine({ client, store, account: store.account, definition: definitionHash(await layerFiles(definition)), options, clock })
}

/** The one file that names vendors: everything else knows ports. */
async function compose(): Promise<App> {
  const config = await loadConfig(process.env)
  const worker = randomUUID()
  const log = createLog(worker)
  const store = createBlobStore(await connectBlobService(config.storage.connection))
  const [definition] = await Promise.all([
    loadDefinition(process.env['LOGPIPE_PIPELINE_DIR']),
    store.ensureContainers(),
    mkdir(config.duckdb.workDir, { recursive: true }),
  ])
  const { maxLineBytes, maxGzipRatio: maxRatio, maxUnpackedBytes: maxBytes } = config.limits
  const engine = createDuckDbEngine({ store, definition, log, ...config.duckdb, limits: { maxLineBytes, maxRatio, maxBytes } })
  const onAks = config.target === 'azure' && (config.aks.cluster !== '' || config.aks.kubeconfig !== '')
  const services = onAks
    ? await servicesOnAks(config, worker)
    : createProcessServices({
        entry: config.services.apiEntry,
        url: config.services.apiUrl,
        env: { LOGPIPE_STORAGE: config.storage.connection, LOGPIPE_API_KEY: config.services.apiKey },
        key: config.services.apiKey,
        logDir: config.duckdb.workDir,
      })
  const mlflow = config.mlflow.url === '' ? null : createMlflowClient(config.mlflow)
  const clock = { now: () => Date.now() }
  const jobs = await composeJobs(config, store, definition, clock)
  return { config, store, definition, engine, jobs, services, mlflow, clock, worker, log }
}

let composed: Promise<App> | undefined

/** The app, composed on first use (nothing is done at import); a failed attempt is tried again by the next caller. */
export function app(): Promise<App> {
  composed ??= compose().catch((error: unknown) => {
    composed = undefined
    throw error
  })
  return composed
}

/** Ends what composing and the stages started. */
export async function closeApp(): Promise<void> {
  const running = await composed?.catch(() => undefined)
  await running?.services.stop()
}
