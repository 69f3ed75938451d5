import type { Model } from './document.ts'

/** How two models differ. */
export interface Comparison {
  readonly entities: readonly [number, number]
  readonly threshold: readonly [number | null, number | null]
  /** Slugs of sources that only one of them was learnt from. */
  readonly sources: { readonly onlyFirst: readonly string[]; readonly onlySecond: readonly string[] }
  /** Kolmogorov-Smirnov distance of each feature and of the score, 0 to 1; null where either knows none. */
  readonly drift: Readonly<Record<string, number | null>>
  /** Pairs of user and address that only one of them knows. */
  readonly logins: { readonly onlyFirst: number; readonly onlySecond: number }
}

function distance(first: Model, second: Model, feature: string): number | null {
  const rows = [first, second].flatMap(({ values }, side) => values.filter((row) => row.feature === feature).map((row) => ({ ...row, side })))
  const totals = [0, 1].map((side) => rows.filter((row) => row.side === side).reduce((sum, { entities }) => sum + entities, 0))
  const [a = 0, b = 0] = totals
  if (a === 0 || b === 0) return null
  const seen = [0, 0]
  let most = 0
  const sorted = rows.sort((x, y) => x.value - y.value)
  sorted.forEach(({ value, entities, side }, i) => {
    seen[side] = (seen[side] ?? 0) + entities
    if (sorted[i + 1]?.value !== value) most = Math.max(most, Math.abs((seen[0] ?? 0) / a - (seen[1] ?? 0) / b))
  })
  return Math.round(most * 1e6) / 1e6
}

const missing = (of: readonly string[], from: readonly string[]): string[] => {
  const there = new Set(from)
  return of.filter((one) => !there.has(one))
}

export function compareModels(first: Model, second: Model): Comparison {
  const slugs = ({ head }: Model): string[] => head.lineage.map(({ slug }) => slug)
  const pairs = ({ logins }: Model): string[] => logins.map(({ user_name: user, address }) => `${user}\0${address}`)
  const features = [...new Set([...first.head.features, ...second.head.features]), 'score']
  return {
    entities: [first.head.entities, second.head.entities],
    threshold: [first.head.threshold.value, second.head.threshold.value],
    sources: { onlyFirst: missing(slugs(first), slugs(second)), onlySecond: missing(slugs(second), slugs(first)) },
    drift: Object.fromEntries(features.map((feature) => [feature, distance(first, second, feature)])),
    logins: { onlyFirst: missing(pairs(first), pairs(second)).length, onlySecond: missing(pairs(second), pairs(first)).length },
  }
}
