import { latestPointer, LogpipeError, readRecord, type RunRecord, type StageName, TERMINAL } from '@logpipe/core'
import { endedBadly, show } from '../ended.ts'
import { followToEnd, reportOf } from '../follow.ts'
import { post } from '../host.ts'
import { print, printJson, tell } from '../output.ts'
import { type Target, withTarget } from '../target/with-target.ts'

/** `logpipe runs cancel ID`: asks for the end and waits for it. */
export async function cancelRun(runId: string, { json }: { json: boolean }): Promise<number> {
  return withTarget('host', tell, async (target) => {
    await post(target, `/api/runs/${runId}/cancel`, {})
    const record = await ended(target, runId)
    if (json) printJson({ ok: true, data: record })
    else print(record.status === 'cancelled' ? `${runId} cancelled` : `${runId} was published already: ${record.status}`)
    return 0
  })
}

async function ended(target: Target, runId: string): Promise<RunRecord> {
  const record = await readRecord(target.store, runId)
  if (TERMINAL.has(record.status)) return record
  await followToEnd(target, runId)
  return readRecord(target.store, runId)
}

export interface RerunOptions {
  readonly json: boolean
  readonly from?: StageName
  readonly until?: StageName
}

/** `logpipe runs rerun ID` and `logpipe runs retry ID`: a new run over the same version, followed to its end. */
export async function rerun(runId: string, { json, from, until }: RerunOptions): Promise<number> {
  return withTarget('host', tell, (target) => rerunOn(target, runId, { from, until }, json))
}

/** `logpipe run FILE --only STAGE`: that stage alone, over the layers of the run that is published. */
export async function rerunPublished(target: Target, slug: string, only: StageName, json: boolean): Promise<number> {
  const pointer = await latestPointer(target.store, slug)
  if (!pointer) throw new LogpipeError('NOTHING_PUBLISHED', { what: 'this file, whose earlier layers would be taken over' })
  return rerunOn(target, pointer.runId, { from: only, until: only }, json)
}

async function rerunOn(target: Target, runId: string, plan: { from?: StageName | undefined; until?: StageName | undefined }, json: boolean): Promise<number> {
  const next = await post(target, `/api/runs/${runId}/rerun`, plan)
  tell(`Run ${next}`)
  await followToEnd(target, next)
  const report = await reportOf(target, next)
  const bad = endedBadly(report)
  if (bad) throw bad
  await show(target, report, { json })
  return 0
}
