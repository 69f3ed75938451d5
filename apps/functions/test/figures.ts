import { mkdirSync, writeFileSync } from 'node:fs'

/** What a suite has found. `npm run docs` makes a row of docs/reliability.md of every such file under .results. */
export interface Figures {
  /** In the words of the table. */
  readonly technique: string
  readonly size: 'sample' | 'moderate' | 'full'
  readonly seed: number | null
  readonly figures: Readonly<Record<string, number>>
  readonly seconds: number
  /** Single results, for a look; the table leaves them out. */
  readonly results?: unknown
}

export function writeFigures(name: string, figures: Figures): void {
  const folder = new URL('../.results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify({ ...figures, date: new Date().toISOString().slice(0, 10) }, null, 2)}\n`)
}
