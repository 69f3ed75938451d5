import { type Config, type Expectation, LogpipeError, type WarningCode } from '@logpipe/core'

type Counts = Readonly<Record<string, number>>

/** What each expectation of pipeline.yaml measures, and the warning it gives when its action is `warn`. */
const MEASURES: Readonly<Record<string, { count: (counts: Counts) => number; warning: WarningCode }>> = {
  maxQuarantinedShare: { count: ({ quarantined = 0, blank = 0 }) => quarantined - blank, warning: 'HIGH_QUARANTINED' },
  maxUnclassifiedShare: { count: ({ unclassified = 0 }) => unclassified, warning: 'HIGH_UNCLASSIFIED' },
  maxBackwardsShare: { count: (counts) => counts['times_backwards'] ?? 0, warning: 'TIME_BACKWARDS' },
}

/**
 * Holds silver's counts against the expectations of pipeline.yaml, whose limits the configuration may override. Blank lines do not count.
 * Returns warnings; throws NOT_A_LOG or EXPECTATION_FAILED where the action is `fail`.
 */
export function checkQuality(counts: Counts, expectations: Readonly<Record<string, Expectation>>, overrides: Config['quality'], runId: string): WarningCode[] {
  const { lines = 0, blank = 0 } = counts
  const total = lines - blank
  const warnings: WarningCode[] = []
  for (const [expectation, { value, action }] of Object.entries(expectations)) {
    const measure = MEASURES[expectation]
    if (!measure) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `pipeline.yaml: quality.${expectation} is none of ${Object.keys(MEASURES).join(', ')}` })
    const limit = overrides[expectation as keyof Config['quality']] ?? value
    const share = total === 0 ? 0 : measure.count(counts) / total
    if (share <= limit) continue
    if (action === 'warn') warnings.push(measure.warning)
    else throw failure(expectation, { share: percent(share), limit: percent(limit), runId }, counts)
  }
  return warnings
}

const percent = (share: number): string => (share * 100).toFixed(1)

function failure(expectation: string, { share, limit, runId }: { share: string; limit: string; runId: string }, counts: Counts): LogpipeError {
  if (expectation === 'maxQuarantinedShare') return new LogpipeError('NOT_A_LOG', { share, limit, reason: mostCommonReason(counts), runId })
  return new LogpipeError('EXPECTATION_FAILED', { expectation, seen: share, limit, runId })
}

/** silver counts its quarantined lines by reason as `quarantined_<reason>`. */
function mostCommonReason(counts: Counts): string {
  const reasons = Object.entries(counts).filter(([name]) => name.startsWith('quarantined_') && name !== 'quarantined_blank')
  return reasons.sort((a, b) => b[1] - a[1])[0]?.[0].slice('quarantined_'.length) ?? 'unknown'
}
