import { type Config, LogpipeError } from '@logpipe/core'

/** Holds a layer's counts against the configured limits. Throws NOT_A_LOG when too many lines could not be read; blank lines do not count. */
export function checkQuality(layer: string, counts: Readonly<Record<string, number>>, limits: Config['quality'], runId: string): void {
  if (layer !== 'silver') return
  const blank = counts['blank'] ?? 0
  const lines = (counts['lines'] ?? 0) - blank
  const refused = (counts['quarantined'] ?? 0) - blank
  if (lines === 0 || refused / lines <= limits.maxQuarantinedShare) return
  throw new LogpipeError('NOT_A_LOG', {
    share: ((refused / lines) * 100).toFixed(1),
    limit: (limits.maxQuarantinedShare * 100).toFixed(0),
    reason: mostCommonReason(counts),
    runId,
  })
}

/** silver counts its quarantined lines by reason as `quarantined_<reason>`. */
function mostCommonReason(counts: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(counts).filter(([name]) => name.startsWith('quarantined_') && name !== 'quarantined_blank')
  return reasons.sort((a, b) => b[1] - a[1])[0]?.[0].slice('quarantined_'.length) ?? 'unknown'
}
