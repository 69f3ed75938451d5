import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'

/** What the suite found, for docs/parity.md. */
export interface ParityFigures {
  /** ISO day. */
  readonly date: string
  readonly versions: Readonly<Record<string, string>>
  /** Time Spark took for all inputs, start included, in s. */
  readonly sparkSeconds: number
  readonly inputs: readonly { readonly name: string; readonly title: string; readonly lines: number; readonly bytes: number }[]
  readonly comparisons: readonly ParityComparison[]
}

export interface ParityComparison {
  readonly pair: 'spark' | 'silver-sql'
  readonly input: string
  readonly output: string
  readonly rows: number
  readonly differing: number
  /** The files are the same, byte for byte. */
  readonly identical?: boolean
}

const FILE = new URL('../../.results/spark-parity.json', import.meta.url)

export function writeFigures(figures: ParityFigures): void {
  mkdirSync(new URL('.', FILE), { recursive: true })
  writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`)
}

export const readFigures = (): ParityFigures => JSON.parse(readFileSync(FILE, 'utf8')) as ParityFigures
