import { LogpipeError, readRecord, RUNS_SEGMENT, runIdentity, type RunRecord, SOURCE_CONTAINER, TERMINAL } from '@logpipe/core'
import { setTimeout as delay } from 'node:timers/promises'
import { post } from '../host.ts'
import { print, printJson, tell } from '../output.ts'
import { type Target, withTarget } from '../target/with-target.ts'
import { createCounter } from '../view/counter.ts'

export interface BackfillOptions {
  readonly json: boolean
  readonly prefix: string
  readonly since?: string
  readonly until?: string
  readonly parallel: number
  /** Also what has run already. */
  readonly again: boolean
}

const POLL_MS = 250

const momentOf = (flag: string, text: string | undefined, otherwise: number): number => {
  const ms = text === undefined ? otherwise : Date.parse(text)
  if (Number.isNaN(ms)) throw new LogpipeError('USAGE', { detail: `--${flag} ${text ?? ''}: an ISO time is wanted, e.g. 2026-01-31T00:00:00Z` })
  return ms
}

/** Sources that were changed within the time, oldest first. */
async function chosen({ store }: Target, { prefix, since, until }: BackfillOptions) {
  const [from, to] = [momentOf('since', since, 0), momentOf('until', until, Infinity)]
  const found = []
  for await (const blob of store.list(SOURCE_CONTAINER, prefix, prefix === '' ? { skip: RUNS_SEGMENT } : {})) {
    if (!blob.name.startsWith(RUNS_SEGMENT) && blob.modifiedMs >= from && blob.modifiedMs < to) found.push(blob)
  }
  return found.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : 1))
}

/** Starts the run of one source, or runs it again, and waits for its end. Null: it has run already. */
async function process(target: Target, blob: Awaited<ReturnType<typeof chosen>>[number], again: boolean): Promise<RunRecord | null> {
  let { runId } = await runIdentity(target.store.account, blob)
  const before = await readRecord(target.store, runId).catch(() => null)
  if (before && TERMINAL.has(before.status)) {
    if (!again) return null
    runId = await post(target, `/api/runs/${runId}/rerun`, { from: 'bronze' })
  } else runId = await post(target, '/api/runs', { name: blob.name })
  for (;;) {
    const record = await readRecord(target.store, runId)
    if (TERMINAL.has(record.status)) return record
    await delay(POLL_MS)
  }
}

/** `logpipe backfill`: runs what lies in bronze, so many at once, with a count of how far it is. Ends with 1 when a run failed. */
export async function backfill(options: BackfillOptions): Promise<number> {
  return withTarget('host', tell, async (target) => {
    const blobs = await chosen(target, options)
    const counter = createCounter(blobs.length)
    const ended: RunRecord[] = []
    const queue = blobs.values()
    const worker = async (): Promise<void> => {
      for (const blob of queue) {
        const record = await process(target, blob, options.again)
        if (record) ended.push(record)
        counter.add(record?.status ?? 'done before')
      }
    }
    await Promise.all(Array.from({ length: options.parallel }, worker)).finally(() => counter.end())
    const failed = ended.filter(({ status }) => status === 'failed').map(({ runId, source, error }) => ({ runId, source: source.name, code: error?.code }))
    if (options.json) printJson({ ok: true, data: { sources: blobs.length, byStatus: counter.counts(), failed } })
    else print([`${blobs.length} sources: ${counter.text()}`, ...failed.map(({ runId, code }) => `  failed ${runId}: ${code ?? ''}`)].join('\n'))
    return failed.length > 0 ? 1 : 0
  })
}
