import { safeText } from '@logpipe/core'
import type { Finding } from './finding.ts'

/** A cell of a table that cannot end its row, open a link or become HTML. */
const cell = (value: string): string => safeText(value).replace(/[\\|`*_[\]<>&#!]/g, (found) => `\\${found}`)

/** The findings as a Markdown table, for the summary of a CI job. */
export function toMarkdown(runId: string, findings: readonly Finding[]): string {
  const failed = findings.filter(({ error }) => error !== null)
  return [
    `## Validation of ${cell(runId)}: ${failed.length === 0 ? 'passed' : `${failed.length} of ${findings.length} checks failed`}`,
    '',
    '| check | | seen |',
    '|---|---|---|',
    ...findings.map(({ id, seen, error }) => `| ${cell(id)} | ${error === null ? 'ok' : `failed, ${error.code}`} | ${cell(seen)} |`),
    ...failed.map(({ id, error }) => `\n**${cell(id)}**: ${cell(error?.toDocument().fix ?? '')}`),
    '',
  ].join('\n')
}
