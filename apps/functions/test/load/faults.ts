import type { Report } from '@logpipe/core'
import { generateLog } from '@logpipe/loggen'
import { type Chooser, FAULTS, startFaultProxy } from './fault-proxy.ts'
import { PipelineHost } from '../pipeline-host.ts'
import { random } from './random.ts'

export interface FaultFigures {
  readonly seed: number
  readonly runs: number
  readonly requests: number
  readonly injected: number
  readonly byKind: Readonly<Record<string, number>>
  /** Runs that failed; each said why and succeeded on a retry. */
  readonly failed: number
  /** Runs whose bytes differ from those of an undisturbed run. */
  readonly wrong: number
  /** Failed runs without a code and a way on. */
  readonly mute: number
}

const log = (seed: number): Buffer => Buffer.concat([...generateLog({ seed, lines: 400, start: '2026-01-05T00:00:00Z', days: 1 })])
const METADATA = { base_time: '2026-02-01T00:00:00Z' }
/** lines.parquet names its source, and every run has one of its own; what a model learnt depends on the runs before. */
const hashes = ({ artifacts }: Report): string =>
  JSON.stringify(artifacts.filter(({ container, name }) => container !== 'bronze' && !name.includes('/ml/')).map(({ output, sha256 }) => [output, sha256]))

/** A request in twelve is spoilt; now and then an outage that outlasts the retries inside a stage. */
function chooser(seed: number, active: () => boolean): Chooser {
  const next = random(seed)
  let outage = 0
  return () => {
    if (!active()) return undefined
    if (outage > 0) {
      outage -= 1
      return '503'
    }
    if (next() < 0.004) outage = 25
    return next() < 1 / 12 ? FAULTS[Math.floor(next() * FAULTS.length)] : undefined
  }
}

/** Whole runs, one after another, until so many faults were injected; each is compared with the same log's run without faults. */
export async function faults({ seed, wanted }: { seed: number; wanted: number }): Promise<FaultFigures> {
  const pipeline = await PipelineHost.prepare()
  let active = false
  const proxy = await startFaultProxy(pipeline.azurite.connection, chooser(seed, () => active))
  const total = (): number => Object.values(proxy.injected).reduce((sum, count) => sum + count, 0)
  try {
    await pipeline.startHost({ LOGPIPE_STORAGE: proxy.connection, LOGPIPE_SCHEDULE: '0 0 0 1 1 *', LOGPIPE_API_ENTRY: '', LOGPIPE_DUPLICATES: 'process' })
    const bytes = log(seed)
    const clean = await pipeline.ended(await pipeline.drop('clean.log', bytes, METADATA))
    let [runs, failed, wrong, mute] = [0, 0, 0, 0]
    while (total() < wanted) {
      active = true
      let report = await pipeline.ended(await settle(pipeline, await pipeline.drop(`spoilt/${runs}.log`, bytes, METADATA)), 300)
      active = false
      runs += 1
      if (report.status === 'failed') {
        failed += 1
        if (!report.error?.code || !report.error.cause || !report.error.fix) mute += 1
        const answer = await pipeline.request(`/api/runs/${report.runId}/rerun`, { method: 'POST' })
        report = await pipeline.ended(((await answer.json()) as { data: { runId: string } }).data.runId, 120)
      }
      if (!['succeeded', 'degraded'].includes(report.status) || hashes(report) !== hashes(clean)) wrong += 1
    }
    return { seed, runs, requests: proxy.requests(), injected: total(), byKind: { ...proxy.injected }, failed, wrong, mute }
  } finally {
    await pipeline.stop()
    await proxy.close()
  }
}

/** A trigger whose own storage calls failed gives up after its tries: the timer is what finds such a source. */
async function settle(pipeline: PipelineHost, runId: string): Promise<string> {
  const deadline = Date.now() + 240_000
  for (;;) {
    const state = await pipeline.record(runId, () => true, 2).catch(() => null)
    if (state !== null && state.endedAt !== null) return runId
    if (Date.now() > deadline) return runId
    await pipeline.request('/admin/functions/sourcesWithoutRun', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    await pipeline.record(runId, ({ endedAt }) => endedAt !== null, 10).catch(() => null)
  }
}
