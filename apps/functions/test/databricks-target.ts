import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseConfig } from '@logpipe/core'
import { createDatabricksClient, definitionHash, deploy, layerFiles } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { duckDbRunner, EMULATOR, type Runner, startWorkspaceDouble, type WorkspaceDouble } from '@logpipe/testbed/databricks'
import { PipelineHost } from './pipeline-host.ts'

export const TOKEN = 'canary-databricks-token'

export interface DatabricksTarget {
  readonly pipeline: PipelineHost
  readonly double: WorkspaceDouble
  /** What the host was started with. */
  readonly env: Record<string, string>
  stop(): Promise<void>
}

/** hadoop-azure knows the emulator by its well-known key and port. */
async function wellKnownKey(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'account-key'), EMULATOR.key, { mode: 0o600 })
}

/** The pipeline in the local host, a workspace double, and the pipeline deployed there. Jobs run by `spark` on Azurite's own port, else by DuckDB. */
export async function startDatabricksTarget(spark?: Runner): Promise<DatabricksTarget> {
  const definition = await loadDefinition()
  const pipeline = spark ? await PipelineHost.prepare(wellKnownKey, EMULATOR.port) : await PipelineHost.prepare()
  const double = await startWorkspaceDouble({ runner: spark ?? duckDbRunner(pipeline.store, definition).run })
  double.tokens.set(TOKEN, 'valid')
  double.world.scopes.set('logpipe', new Map([['storage-key', EMULATOR.key]]))
  const wasb = { LOGPIPE_DATABRICKS_SCHEME: 'wasb', LOGPIPE_DATABRICKS_BLOB_ENDPOINT: `http://127.0.0.1:${EMULATOR.port}/${EMULATOR.account}` }
  const env = { DATABRICKS_HOST: double.host, DATABRICKS_TOKEN: TOKEN, LOGPIPE_ENGINE: 'databricks', LOGPIPE_API_ENTRY: '', ...(spark ? wasb : {}) }
  const { databricks: options } = parseConfig({ storage: { connection: pipeline.azurite.connection } }, env)
  const files = await layerFiles(definition)
  await deploy(createDatabricksClient(options), { options, account: pipeline.store.account, files, hash: definitionHash(files) })
  await pipeline.startHost(env)
  return {
    pipeline,
    double,
    env,
    async stop() {
      await double.close()
      await pipeline.stop()
    },
  }
}
