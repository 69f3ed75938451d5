import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Evaluation } from '@logpipe/evaluate'

const FILE = new URL('../../.results/evaluation.json', import.meta.url)

/** What the suite found, for docs/detection.md. */
export interface DatedEvaluation extends Evaluation {
  /** ISO day. */
  readonly date: string
}

export function writeEvaluation(evaluation: Evaluation): void {
  mkdirSync(new URL('.', FILE), { recursive: true })
  const dated: DatedEvaluation = { date: new Date().toISOString().slice(0, 10), ...evaluation }
  writeFileSync(FILE, `${JSON.stringify(dated, null, 2)}\n`)
}

export const readEvaluation = (): DatedEvaluation => JSON.parse(readFileSync(FILE, 'utf8')) as DatedEvaluation
