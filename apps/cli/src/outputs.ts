import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LogpipeError, type ObjectStore, type Part, type Report } from '@logpipe/core'

/** Where a part goes below the user's folder: `bronze/lines.parquet`, `gold/….csv`, `ml/anomalies.json`. */
export function outputPath({ container, name }: Pick<Part, 'container' | 'name'>): string {
  const below = name.replace(/^_runs\/[^/]+\/[^/]+\/attempt=\d+\//, '')
  return below.startsWith('ml/') ? below : `${container}/${below}`
}

/** Copies a run's data and its report to `dir`. Throws OUTPUT_DIR_FAILED. */
export async function copyOutputs(store: ObjectStore, report: Report, dir: string): Promise<string> {
  const root = resolve(process.env['INIT_CWD'] ?? '.', dir)
  try {
    for (const part of report.artifacts) {
      const path = join(root, outputPath(part))
      await mkdir(dirname(path), { recursive: true })
      await pipeline(Readable.from(store.read(part)), createWriteStream(path))
    }
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (error instanceof LogpipeError || code === undefined) throw error
    throw new LogpipeError('OUTPUT_DIR_FAILED', { path: root, detail: code }, { cause: error })
  }
  return root
}
