import { putVarint, putZigzag } from './thrift.ts'

const BLOCK = 128
const MINIBLOCKS = 4
const MINIBLOCK = BLOCK / MINIBLOCKS

/**
 * DELTA_BINARY_PACKED of whole numbers below 2^53. Line numbers, offsets and lengths take a byte or less a value this way.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function deltaBinaryPacked(values: Float64Array, count: number): Uint8Array {
  const out: number[] = []
  putVarint(out, BLOCK)
  putVarint(out, MINIBLOCKS)
  putVarint(out, count)
  putZigzag(out, count > 0 ? (values[0] as number) : 0)
  const deltas = new Float64Array(BLOCK)
  for (let start = 1; start < count; start += BLOCK) {
    const used = Math.min(BLOCK, count - start)
    let min = Infinity
    for (let i = 0; i < used; i++) {
      const delta = (values[start + i] as number) - (values[start + i - 1] as number)
      deltas[i] = delta
      if (delta < min) min = delta
    }
    for (let i = 0; i < BLOCK; i++) deltas[i] = i < used ? (deltas[i] as number) - min : 0
    putZigzag(out, min)
    putBlock(out, deltas, used)
  }
  return Uint8Array.from(out)
}

function putBlock(out: number[], deltas: Float64Array, used: number): void {
  const widths: number[] = []
  for (let block = 0; block < MINIBLOCKS; block++) {
    let max = 0
    for (let i = block * MINIBLOCK; i < (block + 1) * MINIBLOCK; i++) max = Math.max(max, deltas[i] as number)
    widths.push(bitWidth(max))
  }
  for (let block = 0; block < MINIBLOCKS; block++) out.push(block * MINIBLOCK < used ? (widths[block] as number) : 0)
  for (let block = 0; block < MINIBLOCKS && block * MINIBLOCK < used; block++) putPacked(out, deltas, block * MINIBLOCK, widths[block] as number)
}

/** 32 values, least significant bit first. Arithmetic instead of shifts: a length may pass 32 bits. */
function putPacked(out: number[], values: Float64Array, from: number, width: number): void {
  if (width === 0) return
  let pending = 0
  let bits = 0
  for (let i = from; i < from + MINIBLOCK; i++) {
    let value = values[i] as number
    let left = width
    while (left > 0) {
      const take = Math.min(left, 8 - bits)
      pending += (value % 2 ** take) * 2 ** bits
      value = Math.floor(value / 2 ** take)
      bits += take
      left -= take
      if (bits === 8) {
        out.push(pending)
        pending = 0
        bits = 0
      }
    }
  }
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
