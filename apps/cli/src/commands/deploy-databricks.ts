import { safeText } from '@logpipe/core'
import { createDatabricksClient, definitionHash, deploy, type Deployment, type DeployPlan, layerFiles, planDeployment, type Step } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { loadConfig } from '@logpipe/definition/config'
import { connectBlobService } from '@logpipe/storage'
import { print, printJson, tell } from '../output.ts'
import { defaultHome, readAddress } from '../target/home.ts'

const DONE: Readonly<Record<Step['action'], string>> = { create: 'created', update: 'updated', keep: 'kept', missing: 'missing' }

/** `logpipe deploy databricks [--plan]`. */
export async function deployDatabricks({ plan: only, json }: { plan: boolean; json: boolean }): Promise<number> {
  const address = await readAddress(defaultHome())
  const config = await loadConfig({ ...(address ? { LOGPIPE_STORAGE: address.storage } : {}), ...process.env })
  const client = createDatabricksClient(config.databricks)
  const [{ accountName: account }, files] = await Promise.all([connectBlobService(config.storage.connection), loadDefinition().then((definition) => layerFiles(definition))])
  const deployment: Deployment = { options: config.databricks, account, files, hash: definitionHash(files) }
  const plan = only ? (await planDeployment(client, deployment)).plan : await deploy(client, deployment, ({ kind, name, action }) => tell(`${DONE[action]} ${kind} ${name}`))
  if (json) printJson({ ok: true, data: { ...plan, applied: !only } })
  else show(plan, only)
  return 0
}

function show({ host, user, folder, steps, changes, warnings, cost, limits }: DeployPlan, only: boolean): void {
  print(safeText(`${host} as ${user}, folder ${folder}`))
  if (only) for (const { kind, name, action } of steps) if (action !== 'keep') print(safeText(`  ${action.padEnd(8)} ${kind.padEnd(9)} ${name}`))
  print(changes === 0 ? 'No changes.' : only ? `${changes} changes. Make them: npx logpipe deploy databricks` : `${changes} changes made.`)
  for (const warning of warnings) print(`Note: ${warning}.`)
  print(`Estimated cost: ${cost.perHour} for each hour of a job, ${cost.perSmallRun} for a run over a small file, at most ${cost.mostPerDay} a day of small runs.`)
  print(`Limits: ${limits.runsPerDay} runs a day, ${limits.maxBytes.toLocaleString('en')} bytes a source, ${limits.timeoutSeconds} s a job.`)
}
