import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { latestPointers, listRunStatuses, type RunStatus, TERMINAL } from '@logpipe/core'
import type { PipelineHost } from '../pipeline-host.ts'

export interface SoakFigures {
  readonly files: number
  readonly published: number
  /** Files a minute. */
  readonly throughput: number
  /** MiB of the host's process: median of the second and of the last quarter of the time. */
  readonly rssBefore: number
  readonly rssAfter: number
  /** Open files and sockets, likewise. */
  readonly handlesBefore: number
  readonly handlesAfter: number
}

const line = (n: number): string => `Jan  5 10:00:00 web-1 sshd[${n + 1}]: Failed password for root from 192.0.2.${n % 200} port 50022 ssh2\n`
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function look(pid: number): Promise<{ rss: number; handles: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return { rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024, handles: (await readdir(`/proc/${pid}/fd`)).length }
}

/** Small files dropped at once; watches the host's process until all have ended. */
export async function soak(pipeline: PipelineHost, files: number): Promise<SoakFigures> {
  const started = performance.now()
  for (let first = 0; first < files; first += 50) {
    await Promise.all(Array.from({ length: Math.min(50, files - first) }, (_, i) => pipeline.drop(`soak/${first + i}.log`, line(first + i))))
  }
  const looks: { rss: number; handles: number }[] = []
  const deadline = Date.now() + files * 5000 + 60_000
  for (;;) {
    looks.push(await look(pipeline.host.pid))
    const statuses = [...(await listRunStatuses(pipeline.store)).values()]
    if (statuses.length === files && statuses.every((status) => TERMINAL.has(status as RunStatus))) break
    if (Date.now() > deadline) throw new Error(`${statuses.filter((status) => TERMINAL.has(status as RunStatus)).length} of ${files} runs have ended`)
    await delay(500)
  }
  const minutes = (performance.now() - started) / 60_000
  const quarter = Math.floor(looks.length / 4)
  const [before, after] = [looks.slice(quarter, 2 * quarter), looks.slice(-Math.max(1, quarter))]
  const published = (await latestPointers(pipeline.store)).length
  return {
    files,
    published,
    throughput: Math.round(files / minutes),
    rssBefore: Math.round(median(before.map(({ rss }) => rss))),
    rssAfter: Math.round(median(after.map(({ rss }) => rss))),
    handlesBefore: median(before.map(({ handles }) => handles)),
    handlesAfter: median(after.map(({ handles }) => handles)),
  }
}
