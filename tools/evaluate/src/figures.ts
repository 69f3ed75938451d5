import type { Judged, JudgedFinding, JudgedIncident } from './judge.ts'
import { mean, median, share } from './metrics/statistics.ts'

/** Shares are 0 to 1, null where there is nothing to take a share of. */
export interface ClassFigures {
  readonly class: string
  readonly incidents: number
  readonly found: number
  readonly recall: number | null
  /** Of the entities that were named for this class or wrongly, the share named for this class: this class against all that is harmless. */
  readonly precision: number | null
  /** Median time from an attack's first line to the line with which it was found, in s, of those found. */
  readonly medianS: number | null
}

export interface HarmlessFigures {
  readonly class: string
  readonly incidents: number
  /** Of these, named as attackers. */
  readonly flagged: number
}

export interface RuleFigures {
  readonly rule: string
  readonly right: number
  readonly wrong: number
  readonly precision: number | null
}

/** What one judge comes to over some logs. */
export interface Figures {
  readonly incidents: number
  readonly found: number
  readonly recall: number | null
  /** Of the entities named, those that do not attack. */
  readonly wrong: number
  readonly precision: number | null
  /** Means over the logs, each log being one ranking of its addresses. */
  readonly auc: number | null
  readonly averagePrecision: number | null
  readonly classes: readonly ClassFigures[]
  readonly harmless: readonly HarmlessFigures[]
  readonly rules: readonly RuleFigures[]
}

/** Pools incidents and findings over logs; classes by name. A judge that only ranks has no incidents. */
export function figures(logs: readonly Judged[]): Figures {
  const incidents = logs.filter((log) => log.findings !== null).flatMap((log) => log.incidents)
  const findings = logs.flatMap((log) => log.findings ?? [])
  const attacks = incidents.filter(({ attack }) => attack)
  const found = attacks.filter(wasFound).length
  const right = findings.filter(({ verdict }) => verdict === 'right').length
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length
  return {
    incidents: attacks.length,
    found,
    recall: share(found, attacks.length),
    wrong,
    precision: share(right, right + wrong),
    auc: mean(logs.map(({ auc }) => auc)),
    averagePrecision: mean(logs.map((log) => log.averagePrecision)),
    classes: byName(attacks, (of) => of.class).map(([name, own]) => classFigures(name, own, findings, wrong)),
    harmless: byName(incidents.filter(({ attack }) => !attack), (of) => of.class).map(([name, own]) => ({
      class: name, incidents: own.length, flagged: own.filter(wasFound).length,
    })),
    rules: byName(findings.flatMap(({ verdict, rules }) => rules.map((rule) => ({ verdict, rule }))), ({ rule }) => rule).map(([rule, own]) => {
      const count = (verdict: string): number => own.filter((one) => one.verdict === verdict).length
      return { rule, right: count('right'), wrong: count('wrong'), precision: share(count('right'), count('right') + count('wrong')) }
    }),
  }
}

function classFigures(name: string, own: readonly JudgedIncident[], findings: readonly JudgedFinding[], wrong: number): ClassFigures {
  const found = own.filter(wasFound)
  const right = findings.filter(({ verdict, classes }) => verdict === 'right' && classes.includes(name)).length
  return {
    class: name,
    incidents: own.length,
    found: found.length,
    recall: share(found.length, own.length),
    precision: share(right, right + wrong),
    medianS: median(found.map(({ foundAfterS }) => foundAfterS ?? 0)),
  }
}

const wasFound = ({ foundAfterS }: JudgedIncident): boolean => foundAfterS !== null

const byName = <Item>(items: readonly Item[], name: (item: Item) => string): [string, Item[]][] =>
  [...Map.groupBy(items, name)].sort(([a], [b]) => (a < b ? -1 : 1))
