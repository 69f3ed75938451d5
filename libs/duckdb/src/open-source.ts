import { GzipFault, Inflater } from './inflater.ts'

/** Bounds against decompression bombs. */
export interface GzipLimits {
  /** Decompressed bytes for each compressed byte, once the first 64 MiB are past. sshd logs reach about 20, deflate's end is 1032. */
  readonly maxRatio: number
  /** Decompressed bytes in all. */
  readonly maxBytes: number
}

export const DEFAULT_GZIP_LIMITS: GzipLimits = { maxRatio: 200, maxBytes: 64 * 2 ** 30 }

export interface OpenedSource {
  /** The bytes of the log, decompressed where the source is gzip. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** After the last chunk: true when the gzip stream ended in the middle, or other bytes than NUL padding follow it. */
  truncated(): boolean
}

const RATIO_FREE_BYTES = 64 * 2 ** 20
/** So little goes in at once that what comes out (up to 1032 times as much) stays small. */
const SLICE = 16_384
const MAGIC = [0x1f, 0x8b]

/** Opens a source by its content, never by its name: gzip (any number of members) is decompressed, all else passes through. */
export function openSource(source: AsyncIterable<Uint8Array>, limits: GzipLimits = DEFAULT_GZIP_LIMITS): OpenedSource {
  const state = { truncated: false }
  return { chunks: open(source, limits, state), truncated: () => state.truncated }
}

async function* open(source: AsyncIterable<Uint8Array>, limits: GzipLimits, state: { truncated: boolean }): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  const iterator = source[Symbol.asyncIterator]()
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator }
  try {
    while (head.length < MAGIC.length) {
      const next = await iterator.next()
      if (next.done === true) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
    if (MAGIC.some((byte, i) => head[i] !== byte)) {
      if (head.length > 0) yield head
      yield* rest
    } else {
      yield* gunzip(head, rest, limits, state)
    }
  } finally {
    await iterator.return?.()
  }
}

async function* gunzip(head: Uint8Array, rest: AsyncIterable<Uint8Array>, limits: GzipLimits, state: { truncated: boolean }): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater()
  let read = 0
  let written = 0
  try {
    for await (const chunk of prepend(head, rest)) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE)
        read += slice.length
        for await (const out of inflater.write(slice)) {
          written += out.length
          if (written > limits.maxBytes) throw new GzipFault(`it unpacks to more than ${limits.maxBytes} bytes`)
          if (written > RATIO_FREE_BYTES && written > read * limits.maxRatio) throw new GzipFault(`it unpacks to more than ${limits.maxRatio} times its size`)
          yield out
        }
      }
    }
    state.truncated = await inflater.endedEarly()
  } finally {
    inflater.destroy()
  }
}

async function* prepend(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  yield* rest
}
