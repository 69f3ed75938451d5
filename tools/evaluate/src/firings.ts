import type { Detection, Filter } from '@logpipe/core/detections'

/** A row of the view `signals`. */
export interface Signal {
  readonly lineNo: number
  readonly atMs: number
  readonly host: string
  readonly fields: Readonly<Record<keyof Filter, string | null>>
  readonly tries: number
}

/**
 * Times (ms) at which a detection held for each entity, keyed by `host entity`; null for kinds it does not know. The pipeline tells the
 * strongest window of an entity; this tells when it could first have been told, and each time after. `signals` in order of time.
 */
export function firings(detection: Detection, signals: readonly Signal[]): ReadonlyMap<string, readonly number[]> | null {
  const find = finder(detection)
  if (find === null) return null
  const rows = Map.groupBy(signals.filter((row) => entityOf(detection, row) !== null), (row) => `${row.host} ${entityOf(detection, row)}`)
  return new Map([...rows].map(([key, own]): [string, number[]] => [key, find(own)]).filter(([, times]) => times.length > 0))
}

function entityOf({ entity }: Detection, { host, fields }: Signal): string | null {
  if (entity === 'host') return host
  return entity === 'address' ? fields.address : fields.user_name
}

const fits = (filter: Filter, { fields }: Signal): boolean => Object.entries(filter).every(([name, values]) => values.includes(fields[name as keyof Filter] ?? ''))

type Find = (rows: readonly Signal[]) => number[]

function finder(detection: Detection): Find | null {
  switch (detection.kind) {
    case 'threshold': return sliding(detection.parameters, (row) => fits(detection.where, row), (row) => fits(detection.where, row), sumOfTries)
    case 'distinct': return sliding(detection.parameters, (row) => fits(detection.where, row), (row) => fits(detection.where, row), distinctOf(detection.parameters.field))
    case 'sequence': return sliding(detection.parameters, (row) => fits(detection.where, row), (row) => fits(detection.then, row), sumOfTries)
    case 'regular': return regular(detection)
    default: return null
  }
}

const sumOfTries = (rows: readonly Signal[]): number => rows.reduce((sum, { tries }) => sum + tries, 0)
const distinctOf = (field: keyof Filter) => (rows: readonly Signal[]): number => new Set(rows.map(({ fields }) => fields[field]).filter((value) => value !== null)).size

/** At each row that `closes`: what `counts` within the window that ends there, measured, is at least the threshold. */
function sliding(
  { threshold, window_s: seconds }: { threshold: number; window_s: number },
  counts: (row: Signal) => boolean,
  closes: (row: Signal) => boolean,
  measure: (rows: readonly Signal[]) => number,
): Find {
  return (rows) => {
    const counted = rows.filter(counts)
    let from = 0
    let to = 0
    return rows.filter(closes).flatMap(({ atMs }) => {
      while (to < counted.length && counted[to]!.atMs <= atMs) to++
      while (from < to && counted[from]!.atMs < atMs - seconds * 1000) from++
      return measure(counted.slice(from, to)) >= threshold ? [atMs] : []
    })
  }
}

/** From the first events on that already show the rhythm. */
function regular({ where, unless, parameters }: Extract<Detection, { kind: 'regular' }>): Find {
  return (rows) => {
    if (unless !== undefined && rows.some((row) => fits(unless, row))) return []
    const times = rows.filter((row) => fits(where, row)).map(({ atMs }) => atMs)
    const gaps = times.slice(1).map((time, i) => time - times[i]!)
    return times.filter((_, i) => {
      const seen = gaps.slice(0, i).sort((a, b) => a - b)
      const middle = quantile(seen, 0.5)
      return i + 1 >= parameters.threshold && middle >= parameters.min_interval_s * 1000 && quantile(seen, 0.75) - quantile(seen, 0.25) <= parameters.max_spread * middle
    })
  }
}

/** Of sorted values, between two of them in proportion, as percentile_cont has it. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? 0
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? below) - below)
}
