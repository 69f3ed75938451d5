import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { generateLog } from './generate.ts'
import type { LogOptions } from './options.ts'
import type { Truth } from './truth.ts'

export interface Written {
  readonly bytes: number
  readonly actors: number
}

/** Generates into a stream or a file, and the truth file beside it where one is wanted. Rejects with the file system's errors. */
export async function writeLog(options: LogOptions, out: string | NodeJS.WritableStream, truthPath?: string): Promise<Written> {
  const truth = truthPath === undefined ? null : createWriteStream(truthPath)
  let bytes = 0
  let actors = 0
  const onTruth = (row: Truth) => {
    actors++
    truth?.write(`${JSON.stringify(row)}\n`)
    options.onTruth?.(row)
  }
  function* counted() {
    for (const chunk of generateLog({ ...options, onTruth })) {
      bytes += chunk.length
      yield chunk
    }
  }
  const written = truth === null ? Promise.resolve() : once(truth)
  const log = typeof out === 'string' ? createWriteStream(out) : out
  const copied = pipeline(Readable.from(counted()), log, { end: typeof out === 'string' }).finally(() => truth?.end())
  await Promise.all([copied, written])
  return { bytes, actors }
}

function once(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject))
}
