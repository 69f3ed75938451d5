import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { generateLog } from '@logpipe/loggen'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'
import { type StorageProxy, startStorageProxy } from './storage-proxy.ts'

const ENV = { LOGPIPE_SCHEDULE: '0 0 0 1 1 *' }
const log = Buffer.concat([...generateLog({ seed: 8, lines: 200, start: '2026-01-05T00:00:00Z', days: 1 })])

let pipeline: PipelineHost
let proxy: StorageProxy
beforeEach(async () => {
  pipeline = await PipelineHost.prepare()
})
afterEach(async () => {
  await pipeline.stop()
  await proxy.close()
})

/** A run whose host was killed when it first wrote into silver. */
async function killedInSilver(): Promise<string> {
  let killed = false
  proxy = await startStorageProxy(pipeline.azurite.connection, ({ path }) => {
    if (killed || !path.startsWith('silver/_runs/')) return 'pass'
    killed = true
    process.kill(pipeline.host.pid, 'SIGKILL')
    return 'drop'
  })
  await pipeline.startHost({ ...ENV, LOGPIPE_STORAGE: proxy.connection })
  const runId = await pipeline.drop('web-1/auth.log', log)
  await pipeline.host.exited
  return runId
}
const stateDir = (): string => join(pipeline.dir, 'host')
const timer = () => pipeline.request('/admin/functions/sourcesWithoutRun', { method: 'POST', body: '{}' })

test('a run begun by code that is no longer deployed ends as failed, says so, and can be retried', async () => {
  const runId = await killedInSilver()
  // What a run looks like that an older deployment has begun.
  const db = new DatabaseSync(join(stateDir(), 'state.db'))
  expect(db.prepare("UPDATE instances SET name = 'logPipelineV0' WHERE id = ?").run(runId).changes).toBe(1)
  db.close()
  await pipeline.startHost(ENV)
  await expect.poll(() => pipeline.orchestration(runId), { timeout: 30_000 }).toBe('Failed')
  await timer()
  const report = await pipeline.ended(runId)
  expect(report).toMatchObject({ status: 'failed', error: { code: 'ORCHESTRATION_ENDED', fix: expect.stringContaining(`logpipe runs retry ${runId}`) as string } })
  expect(report.error?.cause).toContain('logPipelineV0')
  expect(report.manifests.map(({ layer }) => layer)).toEqual(['bronze', 'silver']) // silver was done once more before its orchestration's next turn
  expect(await pipeline.store.readSmall({ container: 'pipeline', name: `latest/${report.slug}.json` })).toBeNull()

  const answer = await pipeline.request(`/api/runs/${runId}/rerun`, { method: 'POST', body: '{}' })
  const { data } = (await answer.json()) as { data: { runId: string } }
  const retried = await pipeline.ended(data.runId)
  expect(retried).toMatchObject({ status: 'succeeded', summary: { lines: 200 } })
  expect(retried.stages.slice(0, 3).map(({ status }) => status)).toEqual(['reused', 'reused', 'succeeded'])
})

test('when the state of the runtime is lost, the timer takes up what storage says is not done', async () => {
  const runId = await killedInSilver()
  await rm(stateDir(), { recursive: true })
  // Without the blob trigger, which would see the source as new.
  await pipeline.startHost({ ...ENV, 'AzureWebJobs.sourceDropped.Disabled': 'true' })
  expect(await pipeline.orchestration(runId)).toBe('')
  await timer()
  expect(await pipeline.ended(runId)).toMatchObject({ status: 'succeeded', summary: { lines: 200 } })
  expect(await pipeline.runIds()).toEqual([runId])
})
