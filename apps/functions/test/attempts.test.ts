import { afterAll, beforeAll, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'
import { startStorageProxy, type StorageProxy } from './storage-proxy.ts'

// Retries must not multiply without bound: five tries of a call (libs/storage), in three attempts of the stage (stageAttempts).
let pipeline: PipelineHost
let proxy: StorageProxy
let dead = /^never$/
const tries: string[] = []
beforeAll(async () => {
  pipeline = await PipelineHost.prepare()
  proxy = await startStorageProxy(pipeline.azurite.connection, ({ path }, when) => {
    if (when !== 'before' || !dead.test(path)) return 'pass'
    tries.push(path)
    return 503
  })
  await pipeline.startHost({ LOGPIPE_STORAGE: proxy.connection, LOGPIPE_API_ENTRY: '', LOGPIPE_SCHEDULE: '0 0 0 1 1 *' })
})
afterAll(async () => {
  await pipeline.stop()
  await proxy.close()
})

test('a place that stays busy is tried fifteen times in all, then the run fails and says so; the retry succeeds', async () => {
  dead = /^silver\/_runs\/.*events\.json$/
  const report = await pipeline.ended(await pipeline.drop('busy.log', 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2\n'), 120)
  expect(report).toMatchObject({ status: 'failed', error: { code: 'STORAGE_FAILED' } })
  expect(report.stages.find(({ name }) => name === 'silver')).toMatchObject({ status: 'failed', attempts: 3 })
  expect(tries).toHaveLength(3 * 5)
  expect(new Set(tries).size).toBe(3) // each attempt has a place of its own
  dead = /^never$/
  const answer = await pipeline.request(`/api/runs/${report.runId}/rerun`, { method: 'POST' })
  expect((await pipeline.ended(((await answer.json()) as { data: { runId: string } }).data.runId)).status).toBe('succeeded')
})
