import type { Row } from '../api.ts'
import type { Hour } from '../charts.ts'

const HOUR_MS = 3_600_000
const MOST = 24 * 14

/** Hours of all hosts together, without gaps; the last two weeks where there are more. */
export function hoursOf(rows: readonly Row[]): Hour[] {
  const hours = new Map<number, { failures: number; successes: number }>()
  for (const { hour, failures, successes } of rows) {
    const at = Date.parse(hour ?? '')
    if (Number.isNaN(at)) continue
    const sum = hours.get(at) ?? { failures: 0, successes: 0 }
    hours.set(at, { failures: sum.failures + Number(failures), successes: sum.successes + Number(successes) })
  }
  const last = Math.max(...hours.keys())
  const first = Math.max(Math.min(...hours.keys()), last - (MOST - 1) * HOUR_MS)
  const filled: Hour[] = []
  for (let at = first; at <= last; at += HOUR_MS) filled.push({ hour: new Date(at).toISOString(), ...(hours.get(at) ?? { failures: 0, successes: 0 }) })
  return filled
}
