import { setTimeout as delay } from 'node:timers/promises'
import type { JobSpec, Submit } from './bodies.ts'
import { clusterOf, type DoubleRun, normal, type Runner, type World } from './world.ts'

/** What befalls a run instead of its work, or before it. */
export type RunFault = 'quota' | 'spot' | 'slow' | 'never' | 'driver' | 'evicted-after-work'

const SLOW_MS = 1500

interface End {
  readonly code: string
  readonly type: 'SUCCESS' | 'CLIENT_ERROR' | 'CLOUD_FAILURE' | 'INTERNAL_ERROR'
  readonly message?: string
  readonly error?: string
}
const SUCCESS: End = { code: 'SUCCESS', type: 'SUCCESS' }
const SPOT: End = { code: 'CLUSTER_ERROR', type: 'CLOUD_FAILURE', message: 'Cluster was terminated. Reason: SPOT_INSTANCE_TERMINATION (CLOUD_FAILURE).' }
const FAULTS: Partial<Record<RunFault, End>> = {
  quota: { code: 'CLUSTER_ERROR', type: 'CLIENT_ERROR', message: 'Cluster could not be created. Reason: AZURE_QUOTA_EXCEEDED_EXCEPTION (CLIENT_ERROR): standardDSv2Family cores.' },
  spot: SPOT,
  driver: { code: 'DRIVER_ERROR', type: 'INTERNAL_ERROR', message: 'The driver is unresponsive.' },
}

/** Secrets, notebook and cluster as a workspace looks at them before anything runs. */
function prepare(world: World, run: DoubleRun): End | { readonly notebook: string; readonly conf: Record<string, string>; readonly env: Record<string, string> } {
  const notebook = normal(run.spec.tasks[0]!.notebook_task.notebook_path)
  const cluster = clusterOf(run.spec)
  const revealed: Record<'conf' | 'env', Record<string, string>> = { conf: {}, env: {} }
  for (const [to, from] of [['conf', cluster?.spark_conf], ['env', cluster?.spark_env_vars]] as const) {
    for (const [name, text] of Object.entries(from ?? {})) {
      const value = world.reveal(text)
      if (value === null) return { code: 'INVALID_CLUSTER_REQUEST', type: 'CLIENT_ERROR', message: `Invalid secret reference in ${name}` }
      revealed[to][name] = value
    }
  }
  if (world.objects.get(notebook)?.type !== 'NOTEBOOK') return { code: 'RESOURCE_NOT_FOUND', type: 'CLIENT_ERROR', message: `Unable to access the notebook "${notebook}"` }
  return { notebook, ...revealed }
}

async function work(world: World, run: DoubleRun, runner: Runner, fault: RunFault | null): Promise<End> {
  const { signal } = run.stop
  if (fault === 'slow' || fault === 'never') await delay(fault === 'slow' ? SLOW_MS : 2 ** 30, null, { signal })
  const before = fault === null ? undefined : FAULTS[fault]
  if (before) return before
  const prepared = prepare(world, run)
  if ('code' in prepared) return prepared
  run.state = 'RUNNING'
  try {
    await runner({ runId: run.runId, files: world.texts(), parameters: run.parameters, ...prepared }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { code: 'RUN_EXECUTION_ERROR', type: 'CLIENT_ERROR', message: 'Workload failed, see run output for details', error: (error as Error).message }
  }
  return fault === 'evicted-after-work' ? SPOT : SUCCESS
}

/** Begins a run; it goes on by itself. */
export function beginRun(world: World, spec: JobSpec | Submit, jobId: number | null, given: Record<string, string>, runner: Runner, fault: RunFault | null): DoubleRun {
  const defaults = 'parameters' in spec ? Object.fromEntries((spec.parameters ?? []).map(({ name, default: value }) => [name, value])) : {}
  const parameters = { ...spec.tasks[0]!.notebook_task.base_parameters, ...defaults, ...given }
  const run: DoubleRun = { runId: world.id(), jobId, spec, parameters, startedMs: Date.now(), state: 'PENDING', code: '', type: '', message: '', error: '', endedMs: 0, stop: new AbortController(), ended: Promise.resolve() }
  world.runs.set(run.runId, run)
  run.ended = work(world, run, runner, fault)
    .catch((error: unknown): End => (run.stop.signal.aborted ? { code: 'USER_CANCELED', type: 'SUCCESS', message: 'Run cancelled.' } : { code: 'INTERNAL_ERROR', type: 'INTERNAL_ERROR', message: String(error) }))
    .then(({ code, type, message = '', error = '' }) => void Object.assign(run, { code, type, message, error, state: 'TERMINATED', endedMs: Date.now() }))
  return run
}

const RESULTS: Readonly<Record<string, string>> = { SUCCESS: 'SUCCESS', USER_CANCELED: 'CANCELED' }

/** As `runs/get` tells it. */
export function describeRun(host: string, { runId, jobId, spec, parameters, state, code, type, message, startedMs, endedMs }: DoubleRun): object {
  const status = state === 'TERMINATED' ? { state, termination_details: { code, type, message } } : { state }
  const cloud = ['CLUSTER_ERROR', 'DRIVER_ERROR', 'INTERNAL_ERROR', 'RESOURCE_NOT_FOUND', 'INVALID_CLUSTER_REQUEST'].includes(code)
  const old = state === 'TERMINATED' ? { life_cycle_state: cloud ? 'INTERNAL_ERROR' : 'TERMINATED', result_state: RESULTS[code] ?? 'FAILED', state_message: message } : { life_cycle_state: state, state_message: '' }
  const common = { status, state: old, start_time: startedMs, end_time: endedMs }
  return {
    ...common,
    run_id: runId,
    ...(jobId === null ? {} : { job_id: jobId }),
    run_name: 'name' in spec ? spec.name : ((spec).run_name ?? 'Untitled'),
    run_page_url: `${host}/#job/${jobId ?? 0}/run/${runId}`,
    ...(jobId === null ? {} : { job_parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) }),
    tasks: [{ run_id: runId + 1_000_000, task_key: spec.tasks[0]!.task_key, notebook_task: spec.tasks[0]!.notebook_task, ...common }],
  }
}
