import { gzipSync } from 'node:zlib'
import { findPart, latestPointer, places, purge, type Report } from '@logpipe/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

let pipeline: PipelineHost
beforeAll(async () => {
  pipeline = await PipelineHost.start({ LOGPIPE_SCHEDULE: '0 0 0 1 1 *', LOGPIPE_API_ENTRY: '' })
})
afterAll(() => pipeline.stop())

const METADATA = { base_time: '2026-02-01T00:00:00Z' }
/** No two callers have the same bytes. */
const log = (pid: number, time = 'Jan  5 10:00:00'): string => [1, 2, 3, 4, 5, 6].map((i) => `${time} web-1 sshd[${pid}]: Failed password for root from 192.0.2.${i} port 50022 ssh2\n`).join('')
const run = async (name: string, text: string | Uint8Array, over: Record<string, string> = {}): Promise<Report> => pipeline.ended(await pipeline.drop(name, text, { ...METADATA, ...over }))
const stages = ({ stages: all }: Report): Record<string, string> => Object.fromEntries(all.map(({ name, status }) => [name, status]))
const artifact = (report: Report, output: string) => report.artifacts.find((part) => part.output === output)!
const rerun = async (runId: string): Promise<Report> => {
  const answer = await pipeline.request(`/api/runs/${runId}/rerun`, { method: 'POST' })
  return pipeline.ended(((await answer.json()) as { data: { runId: string } }).data.runId)
}

describe('the same content', () => {
  test('under another name ends as duplicate: it points at the first, and who reads it finds the results of the first', async () => {
    const first = await run('first.log', log(1))
    const again = await run('second.log', log(1))
    expect(first).toMatchObject({ status: 'succeeded', duplicateOf: null, contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    expect(again).toMatchObject({ status: 'duplicate', duplicateOf: first.runId, contentSha256: first.contentSha256, summary: first.summary, error: null })
    expect(stages(again)).toEqual({ bronze: 'succeeded', silver: 'succeeded', gold: 'reused', ml: 'reused', validate: 'succeeded', publish: 'succeeded', learn: 'succeeded', services: 'succeeded' })
    expect(artifact(again, 'anomalies')).toEqual(artifact(first, 'anomalies'))
    const pointer = (await latestPointer(pipeline.store, again.slug))!
    expect(pointer).toMatchObject({ runId: again.runId, source: { name: 'second.log' } })
    expect(await findPart(pipeline.store, pointer, 'anomalies')).toEqual(artifact(first, 'anomalies'))
    // What names its source is the run's own.
    expect((await findPart(pipeline.store, pointer, 'lines')).name).toContain(again.runId)
    expect(again.stages.find(({ name }) => name === 'learn')?.counts['sources']).toBe(first.stages.find(({ name }) => name === 'learn')?.counts['sources'])
  })

  test('as gzip, with a base time that changes no time', async () => {
    const first = await run('plain.log', log(2))
    expect(await run('zipped.gz', gzipSync(log(2)), { base_time: '2026-03-01T00:00:00Z' })).toMatchObject({ status: 'duplicate', duplicateOf: first.runId })
  })

  test('dropped twice at once is published under both names, and counts once', async () => {
    const ids = await Promise.all(['at-once/a.log', 'at-once/b.log'].map((name) => pipeline.drop(name, log(3), METADATA)))
    const reports = await Promise.all(ids.map((runId) => pipeline.ended(runId)))
    for (const report of reports) {
      expect(['succeeded', 'duplicate']).toContain(report.status)
      expect((await latestPointer(pipeline.store, report.slug))?.runId).toBe(report.runId)
    }
    const later = await run('at-once/c.log', log(3))
    expect(later.status).toBe('duplicate')
    const { sources } = later.stages.find(({ name }) => name === 'learn')!.counts
    expect((await run('at-once/other.log', log(4))).stages.find(({ name }) => name === 'learn')?.counts['sources']).toBe(sources! + 1)
  })

  test('that the run before it in a stream has gives its end to the file that follows, as rotation wants', async () => {
    const stream = { stream: 'web-1/auth' }
    const first = await run('rotated/auth.log', log(5), stream)
    expect(await run('rotated/auth.log.1', log(5), stream)).toMatchObject({ status: 'duplicate', duplicateOf: first.runId })
    const next = await run('rotated/auth.log', log(6, 'Jan  5 10:01:00'), stream)
    expect(next.pinned?.stream?.parts[0]?.sha256).toBe(artifact(first, 'carry').sha256)
  })
})

describe('no duplicate is', () => {
  test('content whose times are others in another zone', async () => {
    await run('zone/utc.log', log(10))
    expect(await run('zone/berlin.log', log(10), { timezone: 'Europe/Berlin' })).toMatchObject({ status: 'succeeded', duplicateOf: null })
  })

  test('what follows a run that published nothing', async () => {
    expect(stages(await run('half/1.log', log(13), { until: 'ml' }))).toMatchObject({ ml: 'succeeded', publish: 'skipped' })
    expect((await run('half/2.log', log(13))).status).toBe('succeeded')
  })

  test('a rerun of one', async () => {
    await run('again/1.log', log(14))
    const duplicate = await run('again/2.log', log(14))
    const processed = await rerun(duplicate.runId)
    expect(processed).toMatchObject({ status: 'succeeded', duplicateOf: null, slug: duplicate.slug })
    expect(artifact(processed, 'anomalies').name).toContain(processed.runId)
  })
})

test('a purge keeps what a duplicate points at; what nothing points at any more is processed anew', async () => {
  const first = await run('purged/1.log', log(20))
  const again = await run('purged/2.log', log(20))
  await run('purged/1.log', log(21))
  await purge(pipeline.store, { endedBeforeMs: Date.now() + 1000 })
  expect(await pipeline.store.stat(artifact(again, 'anomalies'))).not.toBeNull()
  expect(await pipeline.store.stat(artifact(first, 'lines'))).toBeNull()
  expect(await run('purged/3.log', log(20))).toMatchObject({ status: 'duplicate', duplicateOf: first.runId })

  for (const name of ['purged/2.log', 'purged/3.log']) await run(name, log(21)) // nothing points at what was there any more
  await purge(pipeline.store, { endedBeforeMs: Date.now() + 1000 })
  expect(await pipeline.store.stat(artifact(again, 'anomalies'))).toBeNull()
  const known = new Set<string | undefined>()
  for await (const { metadata } of pipeline.store.list('pipeline', places.contentPrefix)) known.add(metadata['run_id'])
  expect(known).not.toContain(first.runId)
  expect((await run('purged/4.log', log(20))).status).toBe('succeeded')
})
