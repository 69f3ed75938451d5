import { csvCells } from '../text/csv.ts'
import type { ObjectStore, Part } from '../ports.ts'

/** Text in whole lines: each piece ends where `ends` says that a row does, except the last. */
async function* wholeRows(store: ObjectStore, part: Part, within: (row: string) => boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let row = ''
  for await (const chunk of store.read(part)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      row += line
      if (within(row)) row += '\n'
      else {
        if (row !== '') yield row
        row = ''
      }
    }
  }
  row += rest + decoder.decode()
  if (row !== '') yield row
}

/** The rows of a JSON-lines part, one at a time. */
export async function* jsonRows<T>(store: ObjectStore, part: Part): AsyncGenerator<T> {
  for await (const line of wholeRows(store, part, () => false)) yield JSON.parse(line) as T
}

/** The rows of a CSV part by the names of its header, one at a time; an empty cell without quotes is null. */
export async function* csvRows(store: ObjectStore, part: Part): AsyncGenerator<Record<string, string | null>> {
  let header: (string | null)[] | undefined
  // A line end between quotes is text: the quotes before it are an odd number.
  for await (const line of wholeRows(store, part, (row) => row.split('"').length % 2 === 0)) {
    const cells = csvCells(line)
    if (header === undefined) header = cells
    else yield Object.fromEntries(header.map((name, i) => [name ?? '', cells[i] ?? null]))
  }
}

/** The first `limit` rows of a JSON-lines part; reads no further than it must. */
export async function firstRows<T>(store: ObjectStore, part: Part, limit: number): Promise<T[]> {
  const rows: T[] = []
  if (limit === 0) return rows
  for await (const row of jsonRows<T>(store, part)) if (rows.push(row) >= limit) break
  return rows
}
