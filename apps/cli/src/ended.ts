import { LogpipeError, type Report } from '@logpipe/core'
import { findAnomalies } from './anomalies/findings.ts'
import { print, printJson } from './output.ts'
import { copyOutputs, outputPath } from './outputs.ts'
import type { Target } from './target/with-target.ts'
import { summary } from './view/summary.ts'

const TOP = 10

/** A run that ended badly, as the error it ended with. */
export function endedBadly({ runId, status, error }: Report): LogpipeError | null {
  if (status === 'succeeded' || status === 'degraded' || status === 'duplicate') return null
  return error ? LogpipeError.from(error) : new LogpipeError('STAGE_FAILED', { stage: runId, detail: status, log: `npx logpipe runs show ${runId}` })
}

/** The end of a run for a person or a program; copies the outputs where asked. */
export async function show(target: Target, report: Report, { json, out: dir }: { json: boolean; out?: string }): Promise<void> {
  const out = dir === undefined ? undefined : await copyOutputs(target.store, report, dir)
  if (json) return printJson({ ok: true, data: { ...report, ...(out === undefined ? {} : { out }) } })
  const listed = report.artifacts.some(({ output }) => output === 'anomalies') ? (await findAnomalies(target.store, { run: report.runId })).anomalies : []
  const outputs =
    out === undefined
      ? { where: `in storage (${target.home}/storage), container/name`, paths: report.artifacts.map(({ container, name }) => `${container}/${name}`) }
      : { where: `in ${out}`, paths: [...report.artifacts.map(outputPath), 'report.json'] }
  print(summary(report, listed.filter(({ flagged }) => flagged).slice(0, TOP), outputs, nextSteps(report.runId, out)))
}

const nextSteps = (runId: string, out: string | undefined): string[] => [
  ...(out === undefined ? ['npm start -- FILE --out DIR          copy the outputs to a folder'] : []),
  `npx logpipe runs show ${runId}`,
  'npm run dev                          keep it up and watch bronze',
]
