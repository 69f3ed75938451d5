import { type Report, safeText } from '@logpipe/core'
import type { Anomaly } from '@logpipe/core/judgements'
import { style } from '../output.ts'
import { anomalyLine } from './anomaly.ts'

const number = (value: number): string => value.toLocaleString('en')

/** The end of `logpipe run` for a person: what came in, who is suspicious and why, where everything lies, what to do next. */
export function summary(report: Report, anomalies: readonly Anomaly[], outputs: { where: string; paths: readonly string[] }, next: readonly string[]): string {
  const { lines, parsed, quarantined, failedLogins, acceptedLogins, flagged } = report.summary
  const took = report.startedAt && report.endedAt ? ` in ${((Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000).toFixed(1)} s` : ''
  const status = report.status === 'succeeded' ? style('green', report.status) : style('yellow', report.status)
  const rows = [
    '',
    `${style('bold', safeText(report.source.name))}  ${status}${took}   ${style('dim', report.runId)}`,
    '',
    `  ${number(lines)} lines = ${number(parsed)} parsed + ${number(quarantined)} quarantined`,
    `  ${number(failedLogins)} failed logins, ${number(acceptedLogins)} accepted`,
    ...(report.duplicateOf === null ? [] : [`  same content as run ${report.duplicateOf}, whose results these are`]),
    ...report.warnings.map(({ code, text }) => `  ${style('yellow', 'warning')} ${code}: ${text}`),
    '',
    flagged === 0 ? '  Nobody suspicious.' : `  ${style('bold', `${number(flagged)} suspicious`)}${flagged > anomalies.length ? `, the first ${anomalies.length}` : ''}:`,
    ...anomalies.map(anomalyLine),
    '',
    `${style('bold', '  Outputs')} ${outputs.where}`,
    ...outputs.paths.map((path) => `    ${path}`),
    '',
    style('bold', '  Next'),
    ...next.map((line) => `    ${line}`),
    '',
  ]
  return rows.join('\n')
}
