import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Measurement } from './measurement.ts'

export type Work = 'limit' | 'layers'

/** What a child is told, as JSON in its only argument. */
export interface Job {
  readonly work: Work
  readonly file: string
  readonly threads: number
  /** Empty; removed after the measurement. */
  readonly folder: string
}

const run = promisify(execFile)

/** Does the work once in a process of its own, so that CPU time and peak memory are this work's alone. Rejects with the child's stderr. */
export async function measure(work: Work, file: string, threads: number, scratch: string): Promise<Measurement> {
  const folder = await mkdtemp(join(scratch, `${work}-`))
  try {
    const job: Job = { work, file, threads, folder }
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'child.ts'), JSON.stringify(job)], { maxBuffer: 1024 * 1024 })
    return JSON.parse(stdout) as Measurement
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
