import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeLog } from '@logpipe/loggen'
import type { Measurement } from './measurement.ts'
import type { Work } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { measurePairs } from './pairs.ts'
import type { Case } from './summary.ts'
import { summarize } from './summary.ts'

export interface BenchTools {
  /** A folder for logs and outputs, on the disk that is to be measured. */
  readonly scratch: string
  readonly measure: (work: Work, file: string, threads: number) => Promise<Measurement>
  readonly progress: (text: string) => void
}

/** One case a size and thread count, in that order. */
export async function bench({ lines: sizes, threads: threadCounts, pairs, seed }: BenchOptions, { scratch, measure, progress }: BenchTools): Promise<Case[]> {
  const cases: Case[] = []
  for (const lines of sizes) {
    const file = join(scratch, `${lines}.log`)
    progress(`generating ${lines} lines`)
    await writeLog({ seed, lines }, file)
    const { size: bytes } = await stat(file)
    for (const threads of threadCounts) {
      let done = 0
      const measured = await measurePairs(pairs, async (work) => {
        if (work === 'limit') progress(`${lines} lines, ${threads} threads: pair ${++done} of ${pairs}`)
        return measure(work, file, threads)
      })
      cases.push(summarize({ lines, bytes }, threads, measured))
    }
  }
  return cases
}
