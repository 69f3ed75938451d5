import type { ModelHead, ValueRow } from './document.ts'

/** The value at a place of the sorted list that has each value `entities` times; between two places, the share between. */
function quantile(rows: readonly ValueRow[], total: number, share: number): number {
  const place = share * (total - 1)
  const at = (index: number): number => {
    let seen = 0
    for (const { value, entities } of rows) {
      seen += entities
      if (index < seen) return value
    }
    return Number.NaN
  }
  const [low, high] = [at(Math.floor(place)), at(Math.ceil(place))]
  return low + (place - Math.floor(place)) * (high - low)
}

const micro = (value: number): number => Math.round(value * 1e6) / 1e6

/** Tukey's upper fence of the scores in a model's values, never below the floor; null below `warmup_entities`: as layers/score_threshold.sql has it. */
export function thresholdOf(
  values: readonly ValueRow[],
  { warmup_entities, fence, floor }: Pick<ModelHead['threshold'], 'warmup_entities' | 'fence' | 'floor'>,
): Pick<ModelHead['threshold'], 'entities' | 'first_quartile' | 'third_quartile' | 'value'> {
  const scores = values.filter(({ feature }) => feature === 'score').toSorted((a, b) => a.value - b.value)
  const entities = scores.reduce((sum, row) => sum + row.entities, 0)
  if (entities === 0) return { entities, first_quartile: null, third_quartile: null, value: null }
  const lower = quantile(scores, entities, 0.25)
  const upper = quantile(scores, entities, 0.75)
  const value = entities >= warmup_entities ? micro(Math.max(floor, upper + fence * (upper - lower))) : null
  return { entities, first_quartile: micro(lower), third_quartile: micro(upper), value }
}
