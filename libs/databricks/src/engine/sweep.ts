import { LAYER_STAGES } from '@logpipe/core'
import type { DatabricksClient } from '../client/client.ts'
import type { Run } from '../client/shapes.ts'
import { jobName } from '../deploy/job-specs.ts'

const parametersOf = ({ job_parameters: ofJob, tasks }: Run): Record<string, string> => ({
  ...tasks[0]?.notebook_task?.base_parameters,
  ...Object.fromEntries(ofJob.map(({ name, value }) => [name, value])),
})

/** Runs of our jobs, over our storage account, whose logpipe run is not under way any more. Others may share the workspace and even the jobs. */
export async function orphans(client: DatabricksClient, environment: string, account: string, isUnderWay: (runId: string) => Promise<boolean>): Promise<Run[]> {
  const names = new Set(LAYER_STAGES.map((layer) => jobName(layer, environment)))
  const ours = (await client.activeRuns()).filter(({ run_name: name }) => names.has(name))
  const found: Run[] = []
  for (const { run_id: id } of ours) {
    const run = await client.getRun(id)
    const { storage_account: of, task = '' } = parametersOf(run)
    const runId = /^pipeline\/runs\/([^/]+)\/tasks\//.exec(task)?.[1]
    if (of === account && runId !== undefined && !(await isUnderWay(runId))) found.push(run)
  }
  return found
}
