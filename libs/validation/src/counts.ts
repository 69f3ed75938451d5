import { csvRows, LogpipeError, type Manifest, type ObjectStore, type Part } from '@logpipe/core'
import { type Finding, look } from './finding.ts'

/** The law of the pipeline: no line is lost between the source and silver, the tables agree with the documents, and gold's sums with silver's. */
export async function* inspectCounts(store: ObjectStore, manifests: readonly Manifest[]): AsyncGenerator<Finding> {
  const runId = manifests[0]?.runId
  const counts = new Map(manifests.map((manifest) => [manifest.layer, manifest.counts]))
  const parts = manifests.flatMap((manifest) => manifest.parts)
  const rows = (output: string): number => parts.filter((part) => part.output === output).reduce((sum, part) => sum + (part.rows ?? 0), 0)
  const lines = counts.get('bronze')?.['lines'] ?? 0
  const { parsed = 0, quarantined = 0, failed = 0, accepted = 0 } = counts.get('silver') ?? {}
  const equal = (id: string, text: string, left: number, right: number): Promise<Finding> =>
    look(id, () => {
      if (left !== right) throw new LogpipeError('COUNTS_DIFFER', { detail: `${text}: ${left} is not ${right}`, runId })
      return `${text}: ${left}`
    })
  yield equal('lines-add-up', 'lines in bronze = parsed + quarantined', lines, parsed + quarantined)
  yield equal('bronze-rows', 'rows of lines = lines', rows('lines'), lines)
  yield equal('silver-rows', 'rows of events = parsed', rows('events'), parsed)
  yield equal('quarantine-rows', 'rows of quarantine = quarantined', rows('quarantine'), quarantined)
  for (const output of ['activity_by_address', 'activity_by_hour']) {
    const table = parts.filter((part) => part.output === output)
    if (table.length === 0) continue
    const sums = await sumOf(store, table)
    yield equal(`totals:${output}`, `failures and successes of ${output} = failed + accepted of silver`, sums, failed + accepted)
  }
}

async function sumOf(store: ObjectStore, parts: readonly Part[]): Promise<number> {
  let sum = 0
  for (const part of parts) for await (const row of csvRows(store, part)) sum += Number(row['failures']) + Number(row['successes'])
  return sum
}
