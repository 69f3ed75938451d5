import { type BlobInfo, places, type Report } from '@logpipe/core'
import { type Double, startDouble } from '@logpipe/ml/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

const TOKEN = 'canary-mlflow-token'
const DEADLINE_MS = 60_000
const FAILED = 'Jan  5 10:00:01 web-1 sshd[100]: Failed password for root from 192.0.2.7 port 50022 ssh2\n'
let mlflow: Double
let pipeline: PipelineHost
beforeAll(async () => {
  mlflow = await startDouble()
  pipeline = await PipelineHost.start({ LOGPIPE_MLFLOW_URL: mlflow.url, LOGPIPE_MLFLOW_TOKEN: TOKEN, LOGPIPE_SCHEDULE: '* * * * * *' })
})
afterAll(async () => {
  await pipeline.stop()
  await mlflow.close()
  expect(mlflow.wrong).toEqual([])
})

const run = async (name: string, lines: number): Promise<Report> => pipeline.ended(await pipeline.drop(name, FAILED.repeat(lines), { base_time: '2026-02-01T00:00:00Z' }))
const trackedAs = (runId: string) => [...mlflow.world.runs.values()].filter(({ name, deleted }) => name === runId && !deleted)
async function outbox(): Promise<BlobInfo[]> {
  const found: BlobInfo[] = []
  for await (const blob of pipeline.store.list('pipeline', places.mlflowOutboxPrefix)) found.push(blob)
  return found
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error('the deadline has passed')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('what a run learnt is in MLflow when the run ends', async () => {
  const report = await run('web-1.log', 3)
  expect(report.status).toBe('succeeded')
  expect(report.warnings.map(({ code }) => code)).not.toContain('MLFLOW_DELAYED')
  const [tracked, ...more] = trackedAs(report.runId)
  expect(more).toEqual([])
  expect(tracked).toMatchObject({ status: 'FINISHED' })
  expect(Object.fromEntries(tracked!.params)).toMatchObject({ method: 'ecdf_right_tail', baseline: 'none', definition: report.definition.hash })
  expect(tracked!.metrics.has('entities')).toBe(true)
  expect(tracked!.tags.get('logpipe.source')).toBe('bronze/web-1.log')
  const files = [...mlflow.world.artifacts.keys()].map((path) => path.split('/artifacts/')[1])
  expect(files).toEqual(expect.arrayContaining(['metrics.json', 'model/model.json', 'model/values.json']))
  const model = mlflow.world.models.get('logpipe-openssh')!
  expect(model.versions).toHaveLength(1)
  expect(model.aliases.get('current')).toBe('1')
  expect(await outbox()).toEqual([])
  expect(new Set(mlflow.authorizations)).toEqual(new Set([`Bearer ${TOKEN}`]))
})

test('MLflow being down delays what it is to know, not the run; the timer brings it later', async () => {
  mlflow.fault = () => 'drop'
  const report = await run('web-2.log', 4)
  expect(report.status).toBe('succeeded')
  expect(report.warnings.map(({ code }) => code)).toContain('MLFLOW_DELAYED')
  const [entry] = await outbox()
  expect(JSON.stringify(report) + (await pipeline.text(entry!))).not.toContain(TOKEN)

  mlflow.fault = () => null
  // An hour passes: the pause and the wait of the entry are over.
  const waiting = JSON.parse(await pipeline.text(entry!)) as object
  await pipeline.store.put(entry!, Buffer.from(JSON.stringify({ ...waiting, dueMs: 0 })), { due_ms: '0', state: 'waiting' })
  const state = JSON.parse(await pipeline.text(places.mlflowState)) as object
  await pipeline.store.put(places.mlflowState, Buffer.from(JSON.stringify({ ...state, pausedUntilMs: 0 })))
  await until(async () => (await outbox()).length === 0)
  expect(trackedAs(report.runId)).toMatchObject([{ status: 'FINISHED' }])
  expect(mlflow.world.models.get('logpipe-openssh')!.versions).toHaveLength(2)
})
