import { hostname } from 'node:os'
import { aksSettings, API_PORT, type ClusterStatus, deploy, type Deployed, forwardPort, makePlan, type Plan, readInventory, readStatus, rollback } from '@logpipe/aks'
import { LogpipeError, safeText } from '@logpipe/core'
import { loadConfig } from '@logpipe/definition/config'
import { onInterrupt } from '../interrupt.ts'
import { print, printJson } from '../output.ts'

const settings = async () => aksSettings(await loadConfig({ ...process.env, LOGPIPE_TARGET: 'azure' }))
const holder = `${hostname()}/${process.pid}`

/** `logpipe deploy services [--plan] [--force]`. */
export async function deployServices({ plan, force, json }: { plan: boolean; force: boolean; json: boolean }): Promise<number> {
  const { connect, manifests: load, namespace } = await settings()
  const [manifests, cluster] = [await load(), await connect()]
  if (plan) {
    const planned = await makePlan(cluster, namespace, manifests, await readInventory(cluster, namespace))
    if (json) printJson({ ok: true, data: planned })
    else print(planText(planned))
    return 0
  }
  return tellDeployed(await deploy(cluster, manifests, { namespace, holder, force }), json)
}

/** `logpipe services rollback`. */
export async function rollbackServices({ json }: { json: boolean }): Promise<number> {
  const { connect, namespace } = await settings()
  return tellDeployed(await rollback(await connect(), { namespace, holder }), json)
}

/** `logpipe services status`. */
export async function servicesStatus({ json }: { json: boolean }): Promise<number> {
  const { connect, namespace } = await settings()
  const status = await readStatus(await connect(), namespace)
  if (json) printJson({ ok: true, data: status })
  else print(statusText(status))
  return 0
}

/** Container ports by the service's name. */
const PORTS: Readonly<Record<string, number>> = { api: API_PORT, mlflow: 5000 }

/** `logpipe services open`: holds the way open until it is interrupted. */
export async function openService(name: string, { port = 0, json }: { port?: number; json: boolean }): Promise<number> {
  const target = PORTS[name]
  if (target === undefined) throw new LogpipeError('USAGE', { detail: `there is no service ${name}; there are ${Object.keys(PORTS).join(' and ')}` })
  const { connect, namespace } = await settings()
  const forward = await forwardPort(await connect(), namespace, name, target, port)
  onInterrupt(() => forward.close())
  if (json) printJson({ ok: true, data: { name, url: forward.url } })
  else print(`${name}  ${forward.url}\nCtrl-C closes it`)
  return new Promise(() => undefined)
}

function tellDeployed(deployed: Deployed, json: boolean): number {
  const { outcome, revision, removed } = deployed
  if (json) printJson({ ok: true, data: deployed })
  else print([outcome === 'kept' ? `revision ${revision} serves already; nothing was written` : `revision ${revision} serves`, ...removed.map(({ kind, name }) => `  removed ${kind} ${name}`)].join('\n'))
  return 0
}

const planText = ({ context, namespace, steps }: Plan): string =>
  [`${context}, namespace ${namespace}`, ...steps.map(({ action, kind, name }) => `  ${action.padEnd(6)}  ${kind} ${name}`)].join('\n')

function statusText({ context, namespace, revision, failed, deployments }: ClusterStatus): string {
  const lines = [`${context}, namespace ${namespace}`, revision ? `  revision ${revision.number} of ${revision.at}` : '  nothing is deployed: npx logpipe deploy services']
  for (const { name, wanted, available, serving, images } of deployments) {
    lines.push(`  ${name.padEnd(8)} ${serving ? 'serves' : 'does not serve its newest version'}  ${available} of ${wanted} available  ${images.join(' ')}`)
  }
  if (failed) lines.push(`  the deployment of ${failed.at} failed: ${failed.code} ${String(failed.fields['detail'] ?? '')}`, '  go back: npx logpipe services rollback')
  return lines.map((line) => safeText(line)).join('\n')
}
