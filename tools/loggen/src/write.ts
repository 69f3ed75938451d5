import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { generateParts } from './generate.ts'
import type { LogOptions } from './options.ts'
import type { Truth } from './truth.ts'

/** Paths of what is wanted beside the log. */
export interface Companions {
  /** JSON lines, one a row. */
  readonly truth?: string | undefined
  /** The lines of the first `historyDays`; without a path they are left out. */
  readonly history?: string | undefined
}

export interface Written {
  /** Of the log alone. */
  readonly bytes: number
  /** Of the truth. */
  readonly rows: number
}

/** Generates into a stream or a file. Rejects with the file system's errors. */
export async function writeLog(options: LogOptions, out: string | NodeJS.WritableStream, companions: Companions = {}): Promise<Written> {
  const truth = companions.truth === undefined ? null : createWriteStream(companions.truth)
  const written = truth === null ? Promise.resolve() : once(truth)
  let rows = 0
  const onTruth = (row: Truth) => {
    rows++
    truth?.write(`${JSON.stringify(row)}\n`)
    options.onTruth?.(row)
  }
  const { history, log } = generateParts({ ...options, onTruth })
  let bytes = 0
  function* counted() {
    for (const chunk of log) {
      bytes += chunk.length
      yield chunk
    }
  }
  const copied = copy().finally(() => truth?.end())
  await Promise.all([copied, written])
  return { bytes, rows }

  async function copy(): Promise<void> {
    if (companions.history !== undefined) await pipeline(Readable.from(history), createWriteStream(companions.history))
    await pipeline(Readable.from(counted()), typeof out === 'string' ? createWriteStream(out) : out, { end: typeof out === 'string' })
  }
}

function once(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject))
}
