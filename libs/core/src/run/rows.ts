import type { ObjectStore, Part } from '../ports.ts'

/** The first `limit` rows of a JSON-lines part; reads no further than it must. */
export async function firstRows<T>(store: ObjectStore, part: Part, limit: number): Promise<T[]> {
  const rows: T[] = []
  const decoder = new TextDecoder()
  let rest = ''
  const take = (line: string): void => {
    if (line !== '' && rows.length < limit) rows.push(JSON.parse(line) as T)
  }
  for await (const chunk of store.read(part)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(take)
    if (rows.length >= limit) return rows
  }
  take(rest + decoder.decode())
  return rows
}
