import {
  type Clock, type JobEngine, type JobRef, type JobState, type LayerTask, LogpipeError, type ObjectStore, places, readDocument, scrub, sha256Text,
  toJsonBytes,
} from '@logpipe/core'
import { paramsSql } from '@logpipe/core/silver'
import { z } from 'zod'
import { type DatabricksClient, errorCodeOf } from '../client/client.ts'
import type { Run } from '../client/shapes.ts'
import { jobCost } from '../deploy/cost.ts'
import { folderOf, jobName, type JobOptions, submitSpec } from '../deploy/job-specs.ts'
import { endingError, standing } from './ending.ts'
import { codedError, readReport } from './report.ts'
import { orphans } from './sweep.ts'

export interface DatabricksEngineOptions {
  readonly client: DatabricksClient
  readonly store: ObjectStore
  /** Storage account. */
  readonly account: string
  /** Hash of the files that deploy brought there. */
  readonly definition: string
  readonly options: JobOptions & { readonly runsPerDay: number; readonly maxBytes: number; readonly nodeHourPrice: number }
  readonly clock: Clock
}

/** The job that was begun for an attempt: written before anybody looks at it. */
const Begun = z.object({ version: z.literal(1), id: z.string(), nodeType: z.string(), submittedMs: z.number() })
type Begun = z.infer<typeof Begun>

const DAY_MS = 86_400_000
const OF_CATALOGUE = /(?:^|\s)([A-Z][A-Z_]+): (.+)/

/** The engine port on Databricks: each layer is a run of its job (see docs/databricks.md). */
export function createDatabricksEngine({ client, store, account, definition, options, clock }: DatabricksEngineOptions): JobEngine {
  const folder = folderOf(options.environment, definition)
  const begunFor = async ({ runId, layer }: LayerTask, attempt: number): Promise<Begun | null> => (await readDocument(store, places.job(runId, layer.name, attempt), Begun))?.value ?? null

  /** Null where the workspace knows no such run any more. */
  const runOf = (id: string): Promise<Run | null> =>
    client.getRun(Number(id)).catch((error: unknown) => {
      if (['INVALID_PARAMETER_VALUE', 'RESOURCE_DOES_NOT_EXIST'].includes(errorCodeOf(error))) return null
      throw error
    })

  /** Job id of a layer, whose files are those that the task is about. Throws DATABRICKS_NOT_DEPLOYED. */
  async function jobIdOf(layer: string): Promise<number> {
    const name = jobName(layer, options.environment)
    const [job] = await client.jobsByName(name)
    if (!job) throw new LogpipeError('DATABRICKS_NOT_DEPLOYED', { what: `The job ${name}` })
    const { settings } = await client.getJob(job.job_id)
    if (!JSON.stringify(settings).includes(`"${folder}/notebooks/`)) throw new LogpipeError('DATABRICKS_NOT_DEPLOYED', { what: `This version of the pipeline (${folder})` })
    return job.job_id
  }

  async function checkLimits({ source }: LayerTask, jobId: number): Promise<void> {
    const { maxBytes, runsPerDay } = options
    if (source.bytes > maxBytes) throw new LogpipeError('DATABRICKS_LIMIT_REACHED', { detail: `The source has ${source.bytes} bytes; databricks.maxBytes is ${maxBytes}.` })
    const today = Math.floor(clock.now() / DAY_MS) * DAY_MS
    const begun = await client.runsSince(jobId, today)
    if (begun >= runsPerDay) throw new LogpipeError('DATABRICKS_LIMIT_REACHED', { detail: `${begun} runs began today (UTC); databricks.runsPerDay is ${runsPerDay}.` })
  }

  const end = async (id: string): Promise<boolean> => {
    const run = await runOf(id)
    if (run === null || standing(run).ended) return true
    await client.cancelRun(run.run_id)
    return standing(await client.getRun(run.run_id)).ended
  }

  /** Sees to it that no earlier attempt is paid for any more; gives the next node type in the list for each that found no machine. */
  async function nodeTypeAfter(task: LayerTask): Promise<string> {
    let without = 0
    for (let attempt = 1; attempt < task.attempt; attempt += 1) {
      const begun = await begunFor(task, attempt)
      const run = begun && (await runOf(begun.id))
      if (!run) continue
      if (!standing(run).ended && !(await end(begun.id))) throw new LogpipeError('DATABRICKS_THROTTLED', { call: `the end of attempt ${attempt}` })
      if (endingError(run, {}).code === 'DATABRICKS_NO_CAPACITY') without += 1
    }
    return options.nodeTypes[without % options.nodeTypes.length]!
  }

  function describe({ runId, slug, attempt, layer, source, params, inputs, target }: LayerTask): Uint8Array {
    const { timezone, baseTimeMs } = params
    return toJsonBytes({ version: 1, runId, slug, attempt, layer: layer.name, definition, source, params: { timezone, baseTimeMs, sql: paramsSql(params) }, inputs, target })
  }

  async function begin(task: LayerTask): Promise<Begun> {
    const { runId, attempt, layer: { name: layer } } = task
    const known = await begunFor(task, attempt)
    if (known) return known
    const jobId = await jobIdOf(layer)
    const nodeType = await nodeTypeAfter(task)
    const document = places.task(runId, layer, attempt)
    // The task stands there: this attempt was let through before, and the answer to its start may be what was lost.
    if ((await store.stat(document)) === null) await checkLimits(task, jobId)
    await store.create(document, describe(task))
    const token = await sha256Text(`${account}/${runId}/${layer}/${attempt}`)
    const at = `${document.container}/${document.name}`
    const usual = options.serverless || nodeType === options.nodeTypes[0]
    const id = usual
      ? await client.runNow(jobId, token, { task: at })
      : await client.submitRun(submitSpec(layer, options, account, folder, nodeType, at), token)
    const begun: Begun = { version: 1, id: String(id), nodeType: options.serverless ? 'serverless' : nodeType, submittedMs: clock.now() }
    const { outcome } = await store.create(places.job(runId, layer, attempt), toJsonBytes(begun))
    return outcome === 'exists' ? ((await begunFor(task, attempt)) ?? begun) : begun
  }

  /** What a job that failed says itself is better than what its cluster says. */
  async function failure(task: LayerTask, run: Run, job: JobRef): Promise<LogpipeError> {
    const reported = await readReport(store, task, definition)
    if (reported && 'error' in reported) return reported.error
    const taskRun = run.tasks[0]?.run_id
    const words = taskRun === undefined ? '' : scrub(await client.runError(taskRun)).split('\n')[0]!.slice(0, 300)
    const fields = { job: jobName(task.layer.name, options.environment), url: job.url, runId: task.runId, nodeType: job.nodeType }
    const [, code = '', detail = ''] = OF_CATALOGUE.exec(words) ?? []
    return (standing(run).code === 'RUN_EXECUTION_ERROR' ? codedError(code, { ...fields, detail, endpoint: account, status: '', stage: task.layer.name, log: job.url }) : null) ?? endingError(run, fields, words)
  }

  return {
    name: 'databricks',

    async submit(task) {
      const { id, nodeType, submittedMs } = await begin(task)
      const page = (await runOf(id))?.run_page_url
      return { id, nodeType, submittedMs, url: page || `${client.host}/jobs/runs/${id}` }
    },

    async look(task, job): Promise<JobState> {
      const failed = (error: LogpipeError): JobState => ({ state: 'failed', error })
      const name = jobName(task.layer.name, options.environment)
      const run = await runOf(job.id)
      if (!run) return failed(new LogpipeError('JOB_ENDED_BY_OTHERS', { job: name, detail: 'the workspace knows no such run any more', runId: task.runId }))
      const { ended, code } = standing(run)
      if (!ended) {
        const seconds = options.timeoutSeconds
        if (clock.now() - job.submittedMs > seconds * 1000) throw new LogpipeError('TIMED_OUT', { what: `Job ${job.url}`, seconds, runId: task.runId })
        return { state: 'running' }
      }
      if (code !== 'SUCCESS') return failed(await failure(task, run, job))
      const reported = await readReport(store, task, definition)
      if (!reported) return failed(new LogpipeError('JOB_FAILED', { job: name, detail: 'it ended well and left no report of this task', url: job.url }))
      if ('error' in reported) return failed(reported.error)
      const seconds = Math.max(0, Math.round((run.end_time - run.start_time) / 1000))
      return { state: 'succeeded', result: reported.result, seconds, cost: options.serverless ? null : jobCost(options, seconds) }
    },

    end: ({ id }) => end(id),

    async sweep(isUnderWay) {
      const found = await orphans(client, options.environment, account, isUnderWay)
      for (const { run_id: runId } of found) await client.cancelRun(runId)
      return found.map(({ run_id: runId, run_page_url: page }) => page || `${client.host}/jobs/runs/${runId}`)
    },
  }
}
