// node apps/functions/test/record-histories.ts: records the histories that today's orchestrator makes, from real runs, into test/histories.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readHistory, type RecordedHistory } from '@logpipe/local-host/histories'
import { generateLog } from '@logpipe/loggen'
import { PipelineHost } from './pipeline-host.ts'
import { type Meddler, startStorageProxy, type Verdict } from './storage-proxy.ts'

interface Kind {
  readonly name: string
  /** How the run must end. */
  readonly status: string
  readonly source: Uint8Array
  /** Between the app and storage. */
  readonly meddle?: (pipeline: PipelineHost) => Meddler
  readonly env?: Record<string, string>
  /** Under another name before. */
  readonly before?: Uint8Array
  /** What is asked for when the run has ended: the run that this begins is the one on record. */
  readonly rerun?: { readonly from?: string; readonly until?: string }
}

const EXECUTION_COMPLETED = 1
const SOURCE = 'web-1/auth.log'
const log = Buffer.concat([...generateLog({ seed: 6, lines: 300, start: '2026-01-05T00:00:00Z', days: 1 })])
const binary = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256))
const metadata = { base_time: '2026-02-01T00:00:00Z' }

/** Storage is busy for whatever is written at places that fit. */
const busy = (place: RegExp): (() => Meddler) => () => ({ path }, when) => (when === 'before' && place.test(path) ? 503 : 'pass')

/** The source gets a new version when something is first written at a place that fits. */
function overwrite(place: RegExp): (pipeline: PipelineHost) => Meddler {
  let done = false
  return (pipeline) => async ({ path }, when): Promise<Verdict> => {
    if (done || when === 'before' || !place.test(path)) return 'pass'
    done = true
    await pipeline.store.put({ container: 'bronze', name: SOURCE }, binary, metadata)
    return 'pass'
  }
}

/** The run is asked to end when something is first written at a place that fits. */
function cancel(place: RegExp): (pipeline: PipelineHost) => Meddler {
  let asked = false
  return (pipeline) => async ({ path }, when): Promise<Verdict> => {
    if (asked || when === 'before' || !place.test(path)) return 'pass'
    asked = true
    for (const runId of await pipeline.runIds()) await pipeline.request(`/api/runs/${runId}/cancel`, { method: 'POST' })
    return 'pass'
  }
}

const KINDS: readonly Kind[] = [
  { name: 'success', status: 'succeeded', source: log },
  { name: 'empty', status: 'succeeded', source: Buffer.alloc(0) },
  { name: 'retry-of-silver', status: 'succeeded', source: log, meddle: busy(/^silver\/_runs\/.*attempt=1\//) },
  { name: 'retry-twice-of-gold', status: 'succeeded', source: log, meddle: busy(/^gold\/_runs\/.*attempt=[12]\/activity/) },
  { name: 'failure-not-a-log', status: 'failed', source: binary },
  { name: 'failure-after-all-attempts', status: 'failed', source: log, meddle: busy(/^silver\/_runs\//) },
  { name: 'superseded', status: 'superseded', source: log, meddle: overwrite(/^bronze\/_runs\/.*_MANIFEST/) },
  { name: 'cancelled', status: 'cancelled', source: log, meddle: cancel(/^silver\/_runs\/.*_MANIFEST/) },
  { name: 'duplicate', status: 'duplicate', source: log, before: log },
  { name: 'rerun-from-gold', status: 'succeeded', source: log, rerun: { from: 'gold' } },
  { name: 'rerun-until-silver', status: 'succeeded', source: log, rerun: { from: 'bronze', until: 'silver' } },
  { name: 'degraded', status: 'degraded', source: log, env: { LOGPIPE_API_ENTRY: 'no-such-module.ts' } },
]

/** The history as the fixture's text, one event a line. */
async function record({ name, status, source, meddle, rerun, before, env = {} }: Kind): Promise<string> {
  const pipeline = await PipelineHost.prepare()
  const proxy = await startStorageProxy(pipeline.azurite.connection, meddle?.(pipeline) ?? (() => 'pass'))
  try {
    await pipeline.startHost({ LOGPIPE_STORAGE: proxy.connection, LOGPIPE_SCHEDULE: '0 0 0 1 1 *', ...env })
    if (before) await pipeline.ended(await pipeline.drop('web-1/auth.log.1', before, metadata))
    let runId = await pipeline.drop(SOURCE, source, metadata)
    if (rerun) {
      await pipeline.ended(runId)
      const answer = await pipeline.request(`/api/runs/${runId}/rerun`, { method: 'POST', body: JSON.stringify(rerun) })
      runId = ((await answer.json()) as { data: { runId: string } }).data.runId
    }
    const report = await pipeline.ended(runId, 120)
    if (report.status !== status) throw new Error(`${name} ended as ${report.status}: ${JSON.stringify(report.error)}`)
    for (;;) {
      const history = readHistory(join(pipeline.dir, 'host'), runId)
      // The report is there a moment before the orchestration ends.
      if (history.events.at(-1)?.EventType === EXECUTION_COMPLETED) return textOf(history).replaceAll(join(pipeline.dir, 'work'), 'DIR')
      await delay(50)
    }
  } finally {
    await pipeline.stop()
    await proxy.close()
  }
}

const textOf = ({ events, ...run }: RecordedHistory): string =>
  `${JSON.stringify(run).slice(0, -1)},"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`

const folder = join(import.meta.dirname, 'histories')
await mkdir(folder, { recursive: true })
const only = process.argv.slice(2)
for (const kind of KINDS.filter(({ name }) => only.length === 0 || only.includes(name))) {
  await writeFile(join(folder, `${kind.name}.json`), await record(kind))
  process.stdout.write(`${kind.name}\n`)
}
