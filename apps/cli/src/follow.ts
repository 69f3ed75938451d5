import { setTimeout as delay } from 'node:timers/promises'
import { LogpipeError, places, readDocument, readRecord, Report, RunRecord, type StageRecord, TERMINAL } from '@logpipe/core'
import { z } from 'zod'
import type { Target } from './target/with-target.ts'
import { createProgress } from './view/progress.ts'

const Status = z.object({
  runtimeStatus: z.string(),
  customStatus: z.object({ stages: z.array(z.custom<StageRecord>()) }).nullable().catch(null),
})

const POLL_MS = { host: 150, record: 1000 }
/** The blob trigger polls twice a second and composing the app takes a moment; a minute without a run means that something is wrong. */
const START_TIMEOUT_S = 60

/** The state of a run; null while it is not known. */
export async function runStatus({ address, follow, store }: Target, runId: string): Promise<z.infer<typeof Status> | null> {
  if (follow === 'record') {
    const record = (await readDocument(store, places.record(runId), RunRecord))?.value
    if (!record) return null
    return { runtimeStatus: TERMINAL.has(record.status) ? 'Completed' : 'Running', customStatus: { stages: record.stages } }
  }
  const answer = await fetch(`${address.hostUrl}/runtime/webhooks/durabletask/instances/${runId}`, {
    headers: { 'x-functions-key': address.hostKey },
    signal: AbortSignal.timeout(10_000),
  })
  if (answer.status === 404) return null
  if (!answer.ok) throw new LogpipeError('TARGET_START_FAILED', { part: 'functions host', detail: `it answered ${answer.status}`, log: 'logs/host.log' })
  return Status.parse(await answer.json())
}

/** It is admitted and waits for its turn behind others. */
const isWaiting = async ({ store }: Target, runId: string): Promise<boolean> => (await readRecord(store, runId).catch(() => null))?.status === 'queued'

/** Follows a run to its end; `seen` gets its stages each time they change. Throws when the target breaks or the run never starts. */
export async function followRun(target: Target, runId: string, seen: (stages: readonly StageRecord[]) => void): Promise<void> {
  const broken = target.broken.then((part): never => {
    throw new LogpipeError('TARGET_ENDED', { part, log: `${target.home}/logs` })
  })
  broken.catch(() => undefined)
  const startBy = Date.now() + START_TIMEOUT_S * 1000
  let last = ''
  for (;;) {
    const status = await Promise.race([runStatus(target, runId), broken])
    if (!status && Date.now() > startBy && !(await isWaiting(target, runId))) throw new LogpipeError('TIMED_OUT', { what: 'The start of the run', seconds: START_TIMEOUT_S, runId })
    const stages = status?.customStatus?.stages ?? []
    const now = JSON.stringify(stages)
    if (now !== last) seen(stages)
    last = now
    if (status && !['Running', 'Pending'].includes(status.runtimeStatus)) return
    await Promise.race([delay(POLL_MS[target.follow]), broken])
  }
}

/** Follows a run with a view of its stages on stderr. */
export async function followToEnd(target: Target, runId: string): Promise<void> {
  const progress = createProgress()
  let stages: readonly StageRecord[] = []
  await followRun(target, runId, (now) => progress.show((stages = now))).finally(() => progress.end(stages))
}

/** The report of a run that has ended. */
export async function reportOf({ store, home }: Target, runId: string): Promise<Report> {
  const report = await readDocument(store, places.report(runId), Report)
  if (!report) throw new LogpipeError('STAGE_FAILED', { stage: 'report', detail: 'the run ended without a report', log: `${home}/logs/host.log` })
  return report.value
}
