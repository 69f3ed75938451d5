import { latestPointers, TERMINAL } from '@logpipe/core'
import type { PipelineHost } from '../pipeline-host.ts'
import { random } from './random.ts'

export interface StormFigures {
  readonly seed: number
  readonly files: number
  readonly events: number
  /** Files whose every event was lost: only the timer can find them. */
  readonly withoutEvent: number
  readonly runs: number
  readonly published: number
  readonly missed: number
  /** Files with more than one run. */
  readonly doubled: number
}

const line = (n: number): string => `Jan  5 10:00:00 web-1 sshd[${n + 1}]: Failed password for root from 192.0.2.${n % 200} port 50022 ssh2\n`

/** Events of `files` new sources in any order, many times or never, sixteen at once; then the timer once. Counts what became of each file. */
export async function storm(pipeline: PipelineHost, { seed, files, events }: { seed: number; files: number; events: number }): Promise<StormFigures> {
  const next = random(seed)
  const names = Array.from({ length: files }, (_, i) => `storm-${seed}/${String(i).padStart(4, '0')}.log`)
  const ids = await Promise.all(names.map((name, i) => pipeline.drop(name, line(i))))
  const heard = names.filter(() => next() > 0.1) // a tenth of the files is never told of
  const told = Array.from({ length: events }, () => heard[Math.floor(next() * heard.length)] ?? names[0]!)
  const queue = told.values()
  const post = async (): Promise<void> => {
    for (const name of queue) {
      const answer = await pipeline.request('/api/runs', { method: 'POST', body: JSON.stringify({ name }), headers: { 'content-type': 'application/json' } })
      if (answer.status !== 202) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, post))
  await pipeline.request('/admin/functions/sourcesWithoutRun', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  for (const runId of ids) await pipeline.record(runId, ({ status }) => TERMINAL.has(status), 600)
  const prefix = `storm-${seed}-`
  const runs = (await pipeline.runIds()).filter((runId) => runId.startsWith(prefix))
  const published = new Set((await latestPointers(pipeline.store)).map(({ runId }) => runId))
  const missed = ids.filter((runId) => !published.has(runId)).length
  return { seed, files, events, withoutEvent: files - new Set(told).size, runs: runs.length, published: files - missed, missed, doubled: runs.length - new Set(runs.map((id) => id.slice(0, id.lastIndexOf('-')))).size }
}
