import { LINE_FLAGS, type LineBatch } from './batch.ts'
import type { Sha256 } from './line-accumulator.ts'
import { Utf16Splitter } from './utf16-splitter.ts'
import { Utf8Splitter } from './utf8-splitter.ts'

/** Eight times the longest line that a syslog daemon writes. */
export const DEFAULT_MAX_LINE_BYTES = 65_536

export interface SplitterOptions {
  /** Longer lines keep only this many first bytes (of the original, terminator not counted). */
  readonly maxLineBytes?: number
  readonly sha256: () => Sha256
}

/**
 * Turns a stream of bytes into lines, in bounded memory, whatever the bytes are. Lines end at LF or CRLF; a lone CR, a NUL and any other
 * control byte stay in the text. A BOM at the start chooses UTF-8 or UTF-16 and is no part of the text. Malformed parts become U+FFFD and
 * the line's bytes are kept. How the stream is cut into chunks never changes the lines, only how they are batched.
 */
export interface Splitter {
  /** The lines that end in this chunk. Batches point into it: they are good until the caller writes over it. */
  push(chunk: Uint8Array): LineBatch[]
  /** The last line, when it has no terminator; `truncated` (the source is known to be cut) flags it as cut_off. No bytes, no line. */
  finish(options?: { truncated?: boolean }): LineBatch[]
}

interface Inner {
  push(chunk: Uint8Array): LineBatch[]
  finish(lastFlags: number): LineBatch[]
}

const BOM_MAX = 3

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** Not a Buffer, whose `slice` does not copy: each text that is remembered would keep its whole chunk. */
const plain = (chunk: Uint8Array): Uint8Array =>
  chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean => head.length >= bytes.length && bytes.every((byte, i) => head[i] === byte)

function choose(head: Uint8Array, limit: number, sha256: () => Sha256): { inner: Inner; skip: number } {
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return { inner: new Utf8Splitter(limit, sha256, 3), skip: 3 }
  if (startsWith(head, 0xff, 0xfe)) return { inner: new Utf16Splitter(limit, sha256, false), skip: 2 }
  if (startsWith(head, 0xfe, 0xff)) return { inner: new Utf16Splitter(limit, sha256, true), skip: 2 }
  return { inner: new Utf8Splitter(limit, sha256, 0), skip: 0 }
}

export function createSplitter({ maxLineBytes = DEFAULT_MAX_LINE_BYTES, sha256 }: SplitterOptions): Splitter {
  let inner: Inner | undefined
  let head: Uint8Array = new Uint8Array(0)

  /** Settles the encoding once enough bytes are there, and hands on what came before. */
  const feed = (chunk: Uint8Array, last: boolean): LineBatch[] => {
    if (inner !== undefined) return chunk.length === 0 ? [] : inner.push(chunk)
    head = head.length > 0 || chunk.length < BOM_MAX ? concat(head, chunk) : chunk
    if (head.length === 0 || (head.length < BOM_MAX && !last)) return []
    const chosen = choose(head, maxLineBytes, sha256)
    inner = chosen.inner
    return inner.push(head.subarray(chosen.skip))
  }

  return {
    push: (chunk) => feed(plain(chunk), false),
    finish({ truncated = false } = {}) {
      const batches = feed(new Uint8Array(0), true)
      return inner === undefined ? batches : [...batches, ...inner.finish(truncated ? LINE_FLAGS.cut_off : 0)]
    },
  }
}
