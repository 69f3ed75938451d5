import { LAYER_STAGES, LogpipeError } from '@logpipe/core'
import type { DatabricksClient, JobSpec } from '../client/client.ts'
import type { Job } from '../client/shapes.ts'
import { costPerHour, runCost } from './cost.ts'
import { folderOf, type JobOptions, jobSpecs } from './job-specs.ts'
import { warningsOf } from './lifetime.ts'

/** One file of what the layers need; `path` below the folder of the definition. */
export interface WorkspaceFile {
  readonly path: string
  readonly text: string
  readonly kind: 'file' | 'notebook'
}

export interface Deployment {
  readonly options: JobOptions & { readonly nodeHourPrice: number; readonly runsPerDay: number; readonly maxBytes: number }
  /** Storage account. */
  readonly account: string
  readonly files: readonly WorkspaceFile[]
  /** Of the files; names their folder. */
  readonly hash: string
}

export interface Step {
  readonly kind: 'folder' | 'file' | 'notebook' | 'job' | 'secret'
  readonly name: string
  /** `missing`: a person must do it. */
  readonly action: 'create' | 'update' | 'keep' | 'missing'
}

export interface DeployPlan {
  readonly host: string
  readonly user: string
  readonly folder: string
  readonly steps: readonly Step[]
  /** How many of the steps change something. */
  readonly changes: number
  readonly warnings: readonly string[]
  /** Estimates by the configured price of a node for an hour. */
  readonly cost: { readonly perHour: number; readonly perSmallRun: number; readonly mostPerDay: number }
  readonly limits: { readonly runsPerDay: number; readonly maxBytes: number; readonly timeoutSeconds: number }
}

interface Work {
  readonly step: Step
  readonly apply?: () => Promise<unknown>
}

/** Everything in `wanted` is in `found`, which may say more: a workspace adds its defaults. */
export function covers(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return Array.isArray(found) && found.length === wanted.length && wanted.every((value, i) => covers(found[i], value))
  if (typeof wanted !== 'object' || wanted === null) return found === wanted
  if (typeof found !== 'object' || found === null) return false
  return Object.entries(wanted).every(([key, value]) => covers((found as Record<string, unknown>)[key], value))
}

async function folderWork(client: DatabricksClient, path: string): Promise<Work> {
  const there = await client.status(path)
  return { step: { kind: 'folder', name: path, action: there ? 'keep' : 'create' }, apply: () => client.mkdirs(path) }
}

async function fileWork(client: DatabricksClient, folder: string, { path, text, kind }: WorkspaceFile): Promise<Work> {
  const at = `${folder}/${path}`
  const found = await client.export(at)
  // The workspace ends a notebook without the newline that its file has.
  const same = found !== null && found.trimEnd() === text.trimEnd()
  return {
    step: { kind, name: at, action: same ? 'keep' : found === null ? 'create' : 'update' },
    apply: () => (kind === 'notebook' ? client.importNotebook(at, text) : client.importFile(at, text)),
  }
}

/** The one job of that name. Throws DATABRICKS_REJECTED where there is more than one: which is ours cannot be told. */
async function jobOfName(client: DatabricksClient, name: string): Promise<Job | undefined> {
  const [job, another] = await client.jobsByName(name)
  if (another) throw new LogpipeError('DATABRICKS_REJECTED', { call: name, detail: 'There is more than one job of this name: delete those that are not logpipe\'s.' })
  return job
}

async function jobWork(client: DatabricksClient, spec: JobSpec): Promise<Work> {
  const { name } = spec
  const job = await jobOfName(client, name)
  if (!job) return { step: { kind: 'job', name, action: 'create' }, apply: () => createOnce(client, spec) }
  const { settings } = await client.getJob(job.job_id)
  return { step: { kind: 'job', name, action: covers(settings, spec) ? 'keep' : 'update' }, apply: () => client.resetJob(job.job_id, spec) }
}

/** A lost answer may mean that the job is there. */
async function createOnce(client: DatabricksClient, spec: JobSpec): Promise<void> {
  try {
    await client.createJob(spec)
  } catch (error) {
    if (!(error instanceof LogpipeError && error.retryable)) throw error
    if (!(await jobOfName(client, spec.name))) await client.createJob(spec)
  }
}

async function secretWork(client: DatabricksClient, { secretScope: scope, secretKey: key }: JobOptions): Promise<Work> {
  const there = (await client.scopes()).includes(scope) && (await client.secretKeys(scope)).includes(key)
  return { step: { kind: 'secret', name: `${scope}/${key}`, action: there ? 'keep' : 'missing' } }
}

/** What is to be done, without doing it. Throws DATABRICKS_NODE_TYPE_UNKNOWN and what the client throws. */
export async function planDeployment(client: DatabricksClient, deployment: Deployment): Promise<{ plan: DeployPlan; work: readonly Work[] }> {
  const { options, account, files, hash } = deployment
  const user = await client.me()
  const known = options.serverless ? null : new Set(await client.nodeTypes())
  const unknown = known && options.nodeTypes.filter((name) => !known.has(name))
  if (unknown && unknown.length > 0) throw new LogpipeError('DATABRICKS_NODE_TYPE_UNKNOWN', { detail: unknown.join(', ') })

  const folder = folderOf(options.environment, hash)
  const below = files.map(({ path }) => path.split('/').slice(0, -1).join('/'))
  const folders = [folder, ...[...new Set(below)].filter((path) => path !== '').sort().map((path) => `${folder}/${path}`)]
  const work: Work[] = [await secretWork(client, options)]
  for (const path of folders) work.push(await folderWork(client, path))
  for (const file of files) work.push(await fileWork(client, folder, file))
  for (const spec of jobSpecs(options, account, folder)) work.push(await jobWork(client, spec))

  const perSmallRun = runCost(options, LAYER_STAGES.length)
  const plan: DeployPlan = {
    host: client.host,
    user,
    folder,
    steps: work.map(({ step }) => step),
    changes: work.filter(({ step: { action } }) => action === 'create' || action === 'update').length,
    warnings: warningsOf(options),
    cost: { perHour: costPerHour(options), perSmallRun, mostPerDay: perSmallRun * options.runsPerDay },
    limits: { runsPerDay: options.runsPerDay, maxBytes: options.maxBytes, timeoutSeconds: options.timeoutSeconds },
  }
  return { plan, work }
}

/** Does it, in order; a second time there is nothing to do. Throws DATABRICKS_SECRET_MISSING before anything is changed. */
export async function deploy(client: DatabricksClient, deployment: Deployment, done: (step: Step) => void = () => undefined): Promise<DeployPlan> {
  const { plan, work } = await planDeployment(client, deployment)
  const { secretScope: scope, secretKey: key } = deployment.options
  if (plan.steps.some(({ action }) => action === 'missing')) throw new LogpipeError('DATABRICKS_SECRET_MISSING', { scope, key })
  for (const { step, apply } of work) {
    if (step.action === 'keep') continue
    await apply?.()
    done(step)
  }
  return plan
}
