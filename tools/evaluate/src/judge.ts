import type { Role, Truth } from '@logpipe/loggen'
import type { Finding, Hit, Opinion } from './finding.ts'
import { averagePrecision, type Ranked, rocAuc } from './metrics/ranking.ts'

/** One incident of the truth and what became of it. */
export interface JudgedIncident {
  readonly class: string
  readonly attack: boolean
  /** Attack: seconds from its first line to the first hit, null when missed. No attack: null, or 0 when it was flagged. */
  readonly foundAfterS: number | null
}

/** `wrong`: it names somebody who does not attack, and nobody who does or is attacked. Naming a target, or whom the truth does not know, is neither. */
export type Verdict = 'right' | 'wrong' | 'neither'

export interface JudgedFinding {
  readonly verdict: Verdict
  /** Classes of the truth that it names. */
  readonly classes: readonly string[]
  readonly rules: readonly string[]
}

export interface Judged {
  readonly incidents: readonly JudgedIncident[]
  readonly findings: readonly JudgedFinding[] | null
  readonly auc: number | null
  readonly averagePrecision: number | null
}

/**
 * Holds an opinion against the truth. An attack is found when a finding names an entity that has one of the `credited` roles in it, by a
 * hit of its time: `subject` alone, or also `member` (one of many addresses), which is how judges that know addresses only are given their due.
 * An attack that the log's end cuts short is nobody's: the rest of it, and with it what tells it from noise, stands in the next file.
 */
export function judge(truth: readonly Truth[], { findings, scores }: Opinion, credited: readonly Role[]): Judged {
  const named = (findings ?? []).map((finding) => {
    const rows = truth.filter((row) => names(finding, row))
    return { finding, rows, verdict: verdictOf(rows) }
  })
  const ranked = scores === null ? [] : ranking(truth, scores)
  return {
    incidents: [...Map.groupBy(truth, incidentOf).values()].filter((rows) => !isCut(rows)).map((rows) => {
      const { class: name, attack } = rows[0]!
      const about = named.filter(({ verdict }) => verdict === (attack ? 'right' : 'wrong'))
      const counted = rows.filter(({ role }) => (attack ? credited.includes(role) : role === 'subject'))
      const hits = about.flatMap((one) => counted.filter((row) => one.rows.includes(row)).flatMap((row) => hitsOn(one.finding, row)))
      return { class: name, attack, foundAfterS: delay(rows, hits) }
    }),
    findings: findings === null ? null : named.map(({ finding, rows, verdict }) => ({
      verdict,
      classes: [...new Set(rows.filter(({ role }) => role !== 'target').map((row) => row.class))],
      rules: [...new Set(finding.hits.map(({ rule }) => rule))],
    })),
    auc: rocAuc(ranked),
    averagePrecision: averagePrecision(ranked),
  }
}

export const incidentOf = ({ incident, class: name }: Truth): string => `${incident} ${name}`
const isCut = (rows: readonly Truth[]): boolean => rows.some(({ attack, cut }) => attack && cut)

const names = (finding: Finding, row: Truth): boolean =>
  finding.kind === row.kind && finding.entity === row.entity && (finding.host === null || finding.host === row.host) && hitsOn(finding, row).length > 0

/** Hits that are about the time of the row. */
const hitsOn = ({ hits }: Finding, { start, end }: Truth): readonly Hit[] =>
  hits.filter(({ atMs, fromMs }) => atMs >= Date.parse(start) && fromMs < Date.parse(end) + 1000)

function delay(rows: readonly Truth[], hits: readonly Hit[]): number | null {
  if (hits.length === 0) return null
  if (!rows[0]!.attack) return 0
  const start = Math.min(...rows.map((row) => Date.parse(row.start)))
  return Math.max(0, Math.min(...hits.map(({ atMs }) => atMs)) - start) / 1000
}

function verdictOf(rows: readonly Truth[]): Verdict {
  if (rows.some(({ attack, role }) => attack && role !== 'target')) return 'right'
  return rows.every(({ attack }) => !attack) && rows.some(({ role }) => role === 'subject') ? 'wrong' : 'neither'
}

/**
 * Addresses that the truth knows by themselves. One of many in an attack is left out: what it does alone is no more than what the
 * internet does all day, so that no score of an address can tell; so is who has only begun when the log ends.
 */
function ranking(truth: readonly Truth[], scores: NonNullable<Opinion['scores']>): Ranked[] {
  const rows = Map.groupBy(truth.filter(({ kind, role }) => kind === 'address' && role !== 'target'), ({ host, entity }) => `${host} ${entity}`)
  return scores.flatMap(({ host, address, score }) => {
    const about = rows.get(`${host} ${address}`) ?? []
    if (isCut(about)) return []
    const positive = about.some(({ attack, role }) => attack && role === 'subject')
    return positive || about.some(({ attack }) => !attack) ? [{ score, positive }] : []
  })
}
