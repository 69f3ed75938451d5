/** Median with the extremes beside it: five measurements on a busy machine allow no more. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Throws RangeError for no values: a missing measurement must not look like a fast one. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new RangeError('no measurements')
  const middle = (sorted.length - 1) / 2
  return { median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2, min, max }
}

/**
 * How many times the second of each pair is the first. The ratio is taken pair by pair and then summed up: the two of a pair ran within
 * the same moments, so what slows the machine down slows both, and the ratio is steadier than either time.
 */
export function ratioOfPairs(pairs: readonly (readonly [limit: number, measured: number])[]): Spread {
  return spread(pairs.map(([limit, measured]) => measured / limit))
}
