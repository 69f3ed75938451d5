import { createDatabricksClient, deploy, definitionHash, layerFiles } from '@logpipe/databricks'
import { Config } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { type DuckDbRunner, duckDbRunner, type Runner, startWorkspaceDouble, type WorkspaceDouble } from '@logpipe/testbed/databricks'
import { PipelineHost } from './pipeline-host.ts'

export const TOKEN = 'canary-databricks-token'

export interface DatabricksTarget {
  readonly pipeline: PipelineHost
  readonly double: WorkspaceDouble
  readonly worked: DuckDbRunner['worked']
  stop(): Promise<void>
}

/** The pipeline in the local host, a workspace double, and the pipeline deployed there. `runner`: instead of DuckDB. */
export async function startDatabricksTarget(env: Record<string, string> = {}, runner?: Runner): Promise<DatabricksTarget> {
  const definition = await loadDefinition()
  const pipeline = await PipelineHost.prepare()
  const duckdb = duckDbRunner(pipeline.store, definition)
  const double = await startWorkspaceDouble({ runner: runner ?? duckdb.run })
  double.tokens.set(TOKEN, 'valid')
  double.world.scopes.set('logpipe', new Map([['storage-key', 'k']]))
  const { databricks: options } = Config.parse({ storage: { connection: 'x' } })
  const files = await layerFiles(definition)
  await deploy(createDatabricksClient({ host: double.host, token: TOKEN }), { options, account: pipeline.store.account, files, hash: definitionHash(files) })
  await pipeline.startHost({ DATABRICKS_HOST: double.host, DATABRICKS_TOKEN: TOKEN, LOGPIPE_ENGINE: 'databricks', LOGPIPE_API_ENTRY: '', ...env })
  return {
    pipeline,
    double,
    worked: duckdb.worked,
    async stop() {
      await double.close()
      await pipeline.stop()
    },
  }
}
