import type { HourRow, LoginRow, Model, ModelHead, ValueRow } from './document.ts'
import { thresholdOf } from './threshold.ts'

/** Rows that a version keeps of logins, and of hours. */
export const HISTORY_ROWS = 50_000

const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

/** Rows by key, in one pass; `add` merges a row into what is there. */
function gather<Row extends object>(rows: Iterable<Row>, key: (row: Row) => string, add: (sum: Row, row: Row) => void): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const sum = sums.get(key(row))
    if (sum === undefined) sums.set(key(row), { ...row })
    else add(sum, row)
  }
  return [...sums.values()]
}

const each = <Row>(parts: readonly Model[], rows: (part: Model) => readonly Row[]): Iterable<Row> => parts.flatMap(rows)

function foldValues(parts: readonly Model[]): ValueRow[] {
  const sums = gather(each(parts, (part) => part.values), ({ feature, value }) => `${feature}\0${value}`, (sum, row) => (sum.entities += row.entities))
  return sums.sort((a, b) => order(a.feature, b.feature) || a.value - b.value)
}

function foldLogins(parts: readonly Model[], limit: number): LoginRow[] {
  const sums = gather(each(parts, (part) => part.logins), ({ user_name: user, address }) => `${user}\0${address}`, (sum, row) => {
    sum.logins += row.logins
    if (row.first_day < sum.first_day) sum.first_day = row.first_day
    if (row.last_day > sum.last_day) sum.last_day = row.last_day
  })
  const byName = (a: LoginRow, b: LoginRow): number => order(a.user_name, b.user_name) || order(a.address, b.address)
  return sums.sort((a, b) => order(b.last_day, a.last_day) || b.logins - a.logins || byName(a, b)).slice(0, limit).sort(byName)
}

function foldHours(parts: readonly Model[], limit: number): HourRow[] {
  const sums = gather(each(parts, (part) => part.hours), ({ user_name: user, hour }) => `${user}\0${hour}`, (sum, row) => (sum.logins += row.logins))
  const byName = (a: HourRow, b: HourRow): number => order(a.user_name, b.user_name) || a.hour - b.hour
  return sums.sort((a, b) => b.logins - a.logins || byName(a, b)).slice(0, limit).sort(byName)
}

/**
 * The model of a set of parts: what it gives depends on the set alone, not on its order. Sums of counts, first and last days, and the threshold anew from
 * all scores. Of logins those seen last are kept, of hours the most frequent. `head` of the newest part gives method, features and the numbers of the rule.
 */
export function fold(parts: readonly Model[], head: ModelHead, lineage: ModelHead['lineage'], limit = HISTORY_ROWS): Model {
  const values = foldValues(parts)
  const entities = parts.reduce((sum, part) => sum + part.head.entities, 0)
  const { rule, warmup_entities, fence, floor } = head.threshold
  const threshold = { rule, warmup_entities, fence, floor, ...thresholdOf(values, { warmup_entities, fence, floor }) }
  return {
    head: { ...head, entities, threshold, lineage: [...lineage].sort((a, b) => order(a.slug, b.slug)), tables: [] },
    values,
    logins: foldLogins(parts, limit),
    hours: foldHours(parts, limit),
  }
}
