import type { Schema } from '@logpipe/core'
import type { Cell, Rows } from './rows.ts'

export interface Comparison {
  /** Rows of the longer side. */
  readonly rows: number
  readonly differing: number
  /** The first few rows that differ: row number from 1 and, for each column that differs, what both sides have. */
  readonly examples: readonly object[]
}

const SHOWN = 5
const shown = (cell: Cell | undefined): Cell | undefined => (typeof cell === 'string' && cell.length > 300 ? `${cell.slice(0, 300)}…` : cell)

/** Row by row and column by column, in order. A row that one side does not have differs. */
export function compareRows(left: Rows, right: Rows, { columns }: Schema, sides: readonly [left: string, right: string]): Comparison {
  const rows = Math.max(left.length, right.length)
  const examples: object[] = []
  let differing = 0
  for (let i = 0; i < rows; i++) {
    const [a, b] = [left[i], right[i]]
    const columnsThatDiffer = columns.filter((_, k) => a?.[k] !== b?.[k])
    if (a !== undefined && b !== undefined && columnsThatDiffer.length === 0) continue
    differing++
    if (examples.length >= SHOWN) continue
    const fields = columnsThatDiffer.map(({ name }): [string, object] => {
      const k = columns.findIndex(column => column.name === name)
      return [name, { [sides[0]]: shown(a?.[k]), [sides[1]]: shown(b?.[k]) }]
    })
    examples.push({ row: i + 1, first: shown(a?.[0] ?? b?.[0]), ...Object.fromEntries(fields) })
  }
  return { rows, differing, examples }
}
