import { listRunStatuses, LogpipeError, places, readDocument, readRecord, Report, type RunRecord, type StageRecord, TERMINAL, safeText } from '@logpipe/core'
import { endedBadly } from '../ended.ts'
import { followToEnd } from '../follow.ts'
import { print, printJson, style, tell } from '../output.ts'
import { readAddress, defaultHome } from '../target/home.ts'
import { withTarget } from '../target/with-target.ts'

interface Options {
  readonly json: boolean
}

const moment = (iso: string | null): string => iso?.slice(0, 19).replace('T', ' ') ?? ''

/** `logpipe runs list` and `logpipe runs failed`: newest first. */
export async function listRuns(options: Options & { limit: number; failed?: boolean }): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const ids = [...(await listRunStatuses(store))].filter(([, status]) => options.failed !== true || status === 'failed').map(([id]) => id)
    const records = await Promise.all(ids.map((id) => readRecord(store, id)))
    records.sort((a, b) => b.queuedAt.localeCompare(a.queuedAt))
    const shown = records.slice(0, options.limit)
    if (options.json) printJson({ ok: true, data: shown })
    else if (shown.length === 0) print(options.failed === true ? 'No run failed.' : 'No runs yet. Start one: npm start -- FILE')
    else for (const record of shown) print(listed(record))
    return 0
  })
}

/** One line; a failed one says why and how to go on. */
const listed = ({ runId, status, queuedAt, source, error, duplicateOf }: RunRecord): string => {
  const line = `${moment(queuedAt)}  ${status.padEnd(10)}  ${runId}  ${safeText(source.name)}${duplicateOf === null ? '' : `  = ${duplicateOf}`}`
  return status === 'failed' && error ? `${line}\n  ${error.code}: ${safeText(error.cause)}\n  retry: npx logpipe runs retry ${runId}` : line
}

const stageLine = ({ name, status, attempts, counts, error }: StageRecord): string => {
  const seen = Object.entries(counts).map(([key, value]) => `${key} ${value.toLocaleString('en')}`)
  return `  ${name.padEnd(9)} ${status.padEnd(9)} ${attempts > 1 ? `attempt ${attempts}  ` : ''}${error ? safeText(`${error.code}: ${error.cause}`) : seen.join(', ')}`
}

function describe(record: RunRecord, report: Report | undefined): string {
  const { runId, status, source, trigger, startedAt, endedAt, stages, error, plan, workers, duplicateOf } = record
  return [
    `${style('bold', runId)}  ${status}`,
    `  source    ${source.container}/${safeText(source.name)}  ${source.bytes.toLocaleString('en')} bytes, etag ${source.etag}, by ${trigger}`,
    `  time      ${moment(startedAt)} to ${moment(endedAt)} UTC`,
    ...(plan === null || plan.of === null ? [] : [`  rerun     of ${plan.of} from ${plan.from}`]),
    ...(duplicateOf === null ? [] : [`  same as   ${duplicateOf}: the same content, so gold and ml are those of that run`, `            make them anew: npx logpipe runs rerun ${runId}`]),
    ...(workers.length > 1 ? [`  resumed   ${workers.length - 1} times by another process`] : []),
    ...stages.map(stageLine),
    ...(report?.artifacts.map((part) => `  ${part.container}/${part.name}  ${part.bytes.toLocaleString('en')} bytes  sha256 ${part.sha256.slice(0, 12)}…`) ?? []),
    ...(error ? [`  cause     ${safeText(error.cause)}`, `  fix       ${safeText(error.fix)}`] : []),
  ].join('\n')
}

/** `logpipe runs show ID`. */
export async function showRun(runId: string, options: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const record = await readRecord(store, runId)
    const report = (await readDocument(store, places.report(runId), Report))?.value
    if (options.json) printJson({ ok: true, data: report ?? record })
    else print(describe(record, report))
    return 0
  })
}

/** `logpipe runs watch ID`: follows a run that is under way; ends with the run's own exit code. */
export async function watchRun(runId: string, options: Options): Promise<number> {
  return withTarget('storage', tell, async (target) => {
    const record = await readRecord(target.store, runId).catch((error: unknown) => {
      if (target.address.hostUrl === '') throw error
      return null // dropped a moment ago: the trigger has not seen it yet
    })
    if (!record || !TERMINAL.has(record.status)) {
      if (target.startsBy === 'blob' && (await readAddress(defaultHome())) === null) throw new LogpipeError('TARGET_NOT_RUNNING', { home: defaultHome() })
      await followToEnd(target, runId)
    }
    const report = (await readDocument(target.store, places.report(runId), Report))?.value
    const bad = report ? endedBadly(report) : null
    if (bad) throw bad
    if (options.json) printJson({ ok: true, data: report })
    else print(describe(await readRecord(target.store, runId), report))
    return 0
  })
}
