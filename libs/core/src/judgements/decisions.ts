import { SEVERITIES, type Severity } from '../detections/detection.ts'
import { canonicalAddress } from '../silver/address.ts'
import type { Anomaly } from './anomaly.ts'
import type { Judgement } from './judgement.ts'
import { canonicalNetwork, covers } from './network.ts'
import { isPrivate } from './private-address.ts'

/** One address to block. */
export interface Decision {
  readonly address: string
  readonly severity: Severity
  /** Detections that named it, or `model` where only its score did; ids only, nothing that a log line said. */
  readonly reasons: readonly string[]
  /** Seconds from now. */
  readonly seconds: number
  /** Runs whose anomalies named it. */
  readonly runs: readonly string[]
}

export interface Choice {
  readonly atLeast: Severity
  readonly seconds: number
  /** Time of the decision, ms: what was allowed until earlier counts no more. */
  readonly nowMs: number
  readonly withPrivate?: boolean
  /** Also addresses from which a login was accepted. */
  readonly withSuccessful?: boolean
}

export interface Findings {
  readonly runId: string
  readonly anomalies: readonly Anomaly[]
  /** Addresses from which a login was accepted, as gold tells. */
  readonly successful: ReadonlySet<string>
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity)

/**
 * The addresses worth blocking. An attacker writes the log lines, so only what parses as an address here is taken, never a name and never a
 * range; allowed and dismissed ones stay out, and so do private ones and those that logged in, unless asked for. Most severe first.
 */
export function decide(findings: readonly Findings[], judgements: readonly Judgement[], choice: Choice): Decision[] {
  const standing = judgements.filter(({ id, until }) => id === null && Date.parse(until) > choice.nowMs)
  const about = (wanted: Judgement['entity_kind']): string[] => standing.filter(({ entity_kind: kind }) => kind === wanted).map(({ entity }) => entity)
  const addresses = new Set(about('address'))
  const networks = about('subnet').map(canonicalNetwork).filter((network) => network !== null)
  const isJudged = (address: string): boolean => addresses.has(address) || networks.some((network) => covers(network, address))
  const successful = new Set(choice.withSuccessful === true ? [] : findings.flatMap((found) => [...found.successful]))
  const decisions = new Map<string, Decision>()
  for (const { runId, anomalies } of findings) {
    for (const { entity, entity_kind: kind, flagged, severity, detections } of anomalies) {
      const address = kind === 'address' && flagged && rank(severity) >= rank(choice.atLeast) ? canonicalAddress(entity) : null
      if (address === null || isJudged(address) || successful.has(address) || (choice.withPrivate !== true && isPrivate(address))) continue
      const before = decisions.get(address)
      const named = detections.length > 0 ? detections.map(({ id }) => id) : ['model']
      decisions.set(address, {
        address,
        severity: before && rank(before.severity) > rank(severity) ? before.severity : severity,
        reasons: [...new Set([...(before?.reasons ?? []), ...named])].sort(),
        seconds: choice.seconds,
        runs: [...(before?.runs ?? []), ...(before?.runs.includes(runId) === true ? [] : [runId])],
      })
    }
  }
  return [...decisions.values()].sort((a, b) => rank(b.severity) - rank(a.severity) || (a.address < b.address ? -1 : 1))
}
