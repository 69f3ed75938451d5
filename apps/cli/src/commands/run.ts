import { LogpipeError, places, readDocument, Report, runIdentity, SOURCE_CONTAINER, type StageRecord } from '@logpipe/core'
import { findAnomalies } from '../anomalies/findings.ts'
import { followRun } from '../follow.ts'
import { print, printJson, tell } from '../output.ts'
import { copyOutputs, outputPath } from '../outputs.ts'
import { type Target, withTarget } from '../target/with-target.ts'
import { defaultHome } from '../target/home.ts'
import { createProgress } from '../view/progress.ts'
import { summary } from '../view/summary.ts'
import { blobNameOf, defaultSource, localFile } from './source-file.ts'

export interface RunOptions {
  readonly json: boolean
  readonly out?: string
}

const TOP = 10

/** A run that ended badly, as the error it ended with. */
export function endedBadly({ runId, status, error }: Report): LogpipeError | null {
  if (status === 'succeeded' || status === 'degraded') return null
  return error ? LogpipeError.from(error) : new LogpipeError('STAGE_FAILED', { stage: runId, detail: status, log: `npx logpipe runs show ${runId}` })
}

async function dropAndFollow(target: Target, file: { path: string; bytes: number }): Promise<Report> {
  const { store } = target
  const ref = { container: SOURCE_CONTAINER, name: blobNameOf(file.path) }
  const { etag } = await store.put(ref, file)
  const { runId } = await runIdentity(store.account, { ...ref, etag, bytes: file.bytes })
  tell(`Dropped ${ref.name} (${file.bytes.toLocaleString('en')} bytes) into ${SOURCE_CONTAINER}: run ${runId}`)
  const progress = createProgress()
  let stages: readonly StageRecord[] = []
  try {
    await followRun(target, runId, (now) => {
      stages = now
      progress.show(now)
    })
  } finally {
    await progress.end(stages)
  }
  const report = await readDocument(store, places.report(runId), Report)
  if (!report) throw new LogpipeError('STAGE_FAILED', { stage: 'report', detail: 'the run ended without a report', log: `${target.home}/logs/host.log` })
  return report.value
}

/** `logpipe run [FILE]`, which is also `npm start`: drops the file, so that the blob trigger starts the run, and follows it to its end. */
export async function run(given: string | undefined, options: RunOptions): Promise<number> {
  const file = given === undefined ? await defaultSource(defaultHome()) : await localFile(given)
  return withTarget('host', tell, async (target) => {
    const report = await dropAndFollow(target, file)
    const bad = endedBadly(report)
    if (bad) throw bad
    const out = options.out === undefined ? undefined : await copyOutputs(target.store, report, options.out)
    if (options.json) {
      printJson({ ok: true, data: { ...report, ...(out === undefined ? {} : { out }) } })
      return 0
    }
    const flagged = (await findAnomalies(target.store, { run: report.runId })).anomalies.filter((row) => row.flagged)
    const outputs =
      out === undefined
        ? { where: `in storage (${target.home}/storage), container/name`, paths: report.artifacts.map(({ container, name }) => `${container}/${name}`) }
        : { where: `in ${out}`, paths: [...report.artifacts.map(outputPath), 'report.json'] }
    print(summary(report, flagged.slice(0, TOP), outputs, nextSteps(report.runId, out)))
    return 0
  })
}

const nextSteps = (runId: string, out: string | undefined): string[] => [
  ...(out === undefined ? ['npm start -- FILE --out DIR          copy the outputs to a folder'] : []),
  `npx logpipe runs show ${runId}`,
  'npm run dev                          keep it up and watch bronze',
]
