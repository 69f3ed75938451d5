import { putVarint, putZigzag } from './thrift.ts'

const BLOCK = 128
const MINIBLOCKS = 4
const MINIBLOCK = BLOCK / MINIBLOCKS

/** Bytes of one block at most: min delta, four widths, 128 values of up to 54 bits. */
const BLOCK_BYTES = 10 + MINIBLOCKS + BLOCK * 7

/**
 * DELTA_BINARY_PACKED of whole numbers below 2^53. Line numbers, offsets and lengths take a byte or less a value this way.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function deltaBinaryPacked(values: Float64Array, count: number): Uint8Array {
  const head: number[] = []
  putVarint(head, BLOCK)
  putVarint(head, MINIBLOCKS)
  putVarint(head, count)
  putZigzag(head, count > 0 ? (values[0] as number) : 0)
  const out = new Uint8Array(head.length + Math.ceil(count / BLOCK) * BLOCK_BYTES)
  out.set(head)
  let at = head.length
  const deltas = new Float64Array(BLOCK)
  for (let start = 1; start < count; start += BLOCK) {
    const used = Math.min(BLOCK, count - start)
    let min = Infinity
    for (let i = 0; i < used; i++) {
      const delta = (values[start + i] as number) - (values[start + i - 1] as number)
      deltas[i] = delta
      if (delta < min) min = delta
    }
    for (let i = 0; i < used; i++) deltas[i] = (deltas[i] as number) - min
    deltas.fill(0, used)
    const minimum: number[] = []
    putZigzag(minimum, min)
    out.set(minimum, at)
    at = putBlock(out, at + minimum.length, deltas, used)
  }
  return out.subarray(0, at)
}

/** Widths of the four miniblocks, then the used ones. Gives where the next byte goes. */
function putBlock(out: Uint8Array, start: number, deltas: Float64Array, used: number): number {
  let at = start + MINIBLOCKS
  for (let block = 0; block < MINIBLOCKS; block++) {
    const from = block * MINIBLOCK
    let max = 0
    for (let i = from; i < from + MINIBLOCK; i++) max = Math.max(max, deltas[i] as number)
    const width = from < used ? bitWidth(max) : 0
    out[start + block] = width
    if (width > 0) at = width <= 24 ? packNarrow(out, at, deltas, from, width) : packWide(out, at, deltas, from, width)
  }
  return at
}

/** 32 values, least significant bit first; with up to 7 bits left over, 24 more fit 32-bit arithmetic. */
function packNarrow(out: Uint8Array, start: number, values: Float64Array, from: number, width: number): number {
  let at = start
  let pending = 0
  let bits = 0
  for (let i = from; i < from + MINIBLOCK; i++) {
    pending |= (values[i] as number) << bits
    bits += width
    while (bits >= 8) {
      out[at++] = pending
      pending >>>= 8
      bits -= 8
    }
  }
  return at
}

/** The same for any width below 54. */
function packWide(out: Uint8Array, start: number, values: Float64Array, from: number, width: number): number {
  let at = start
  let pending = 0n
  let bits = 0
  for (let i = from; i < from + MINIBLOCK; i++) {
    pending |= BigInt(values[i] as number) << BigInt(bits)
    bits += width
    for (; bits >= 8; bits -= 8) {
      out[at++] = Number(pending & 0xffn)
      pending >>= 8n
    }
  }
  return at
}

export const bitWidth = (max: number): number => (max === 0 ? 0 : Math.floor(Math.log2(max)) + 1)

/** RLE runs of small numbers (below 256) in the RLE/bit-packed hybrid: long runs of one value are what flags and nulls are made of. */
export function rleRuns(values: Uint8Array, count: number): Uint8Array {
  const out: number[] = []
  for (let i = 0; i < count; ) {
    let end = i + 1
    while (end < count && values[end] === values[i]) end++
    putVarint(out, (end - i) * 2)
    out.push(values[i] as number)
    i = end
  }
  return Uint8Array.from(out)
}

/** PLAIN byte arrays: a 4-byte little-endian length before each. */
export function plainByteArrays(values: readonly Uint8Array[]): Buffer {
  const out = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + value.length, 0))
  let at = 0
  for (const value of values) {
    at = out.writeUInt32LE(value.length, at)
    out.set(value, at)
    at += value.length
  }
  return out
}
