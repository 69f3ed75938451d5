/** One scored entity: `positive` is the truth about it. */
export interface Ranked {
  readonly score: number
  readonly positive: boolean
}

/** Groups of equal scores, highest first: no ranking tells their members apart. */
function groups(items: readonly Ranked[]): { positives: number; negatives: number }[] {
  const sorted = items.toSorted((a, b) => b.score - a.score)
  const found: { positives: number; negatives: number }[] = []
  sorted.forEach(({ score, positive }, i) => {
    if (i === 0 || score !== sorted[i - 1]!.score) found.push({ positives: 0, negatives: 0 })
    found.at(-1)![positive ? 'positives' : 'negatives']++
  })
  return found
}

/**
 * Area under the ROC curve: the chance that a positive stands above a negative, a tie counting half. Null where either is missing.
 * Fawcett, An introduction to ROC analysis, 2006.
 */
export function rocAuc(items: readonly Ranked[]): number | null {
  let above = 0
  let positives = 0
  let negatives = 0
  for (const group of groups(items)) {
    above += group.negatives * (positives + group.positives / 2)
    positives += group.positives
    negatives += group.negatives
  }
  return positives === 0 || negatives === 0 ? null : above / (positives * negatives)
}

/** Precision at each step of recall, a group of equal scores being one step: sum of (Rₙ - Rₙ₋₁) · Pₙ. Null without a positive. */
export function averagePrecision(items: readonly Ranked[]): number | null {
  const total = items.filter(({ positive }) => positive).length
  if (total === 0) return null
  let sum = 0
  let hits = 0
  let seen = 0
  for (const { positives, negatives } of groups(items)) {
    hits += positives
    seen += positives + negatives
    sum += (positives / total) * (hits / seen)
  }
  return sum
}
