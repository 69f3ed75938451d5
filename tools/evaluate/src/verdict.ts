import { type Evaluation, SCORE_ALONE } from './evaluate.ts'
import type { Figures } from './figures.ts'

/** A measure in which logpipe is not where it should be: behind a peer, or level with the best one short of 1. */
export interface Shortfall {
  /** A class of attack, or a measure over all. */
  readonly measure: string
  readonly logpipe: number | null
  readonly best: number
  readonly peer: string
}

type Measure = (figures: Figures) => number | null
const MEASURES: Readonly<Record<string, Measure>> = {
  'attacks found': ({ recall }) => recall,
  precision: ({ precision }) => precision,
  'ROC-AUC': ({ auc }) => auc,
  'average precision': ({ averagePrecision }) => averagePrecision,
}

/** Never behind, and strictly ahead wherever the best peer is below 1; empty when that holds. A peer that has no figure does not count. */
export function shortfalls({ judges: [own, ...others] }: Evaluation): Shortfall[] {
  const peers = others.filter(({ name }) => name !== SCORE_ALONE)
  if (own === undefined) return []
  const classes = own.all.classes.map(({ class: name }): [string, Measure] => [name, ({ classes: of }) => of.find((one) => one.class === name)?.recall ?? null])
  return [...Object.entries(MEASURES), ...classes].flatMap(([measure, of]) => {
    const known = peers.flatMap(({ name, all }) => ({ peer: name, best: of(all) ?? -1 })).filter(({ best }) => best >= 0)
    const [first] = known.sort((a, b) => b.best - a.best)
    const logpipe = of(own.all)
    const holds = first === undefined || (logpipe !== null && (first.best < 1 ? logpipe > first.best : logpipe >= first.best))
    return holds ? [] : [{ measure, logpipe, ...first }]
  })
}
