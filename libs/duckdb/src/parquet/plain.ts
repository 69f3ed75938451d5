import { putVarint } from './thrift.ts'

const NULL = -1

/** The values that are there, and the definition levels that say which are. */
export interface Gathered<T> {
  readonly levels: Uint8Array
  readonly present: T
}

/**
 * Places in a dictionary, -1 where there is none, in as few whole bytes as `words` asks for. They are moved to the front of their own memory:
 * the values are gone then, and nothing is allocated for them.
 */
export function gatherPlaces(values: Int32Array<ArrayBuffer>, count: number, words: number): Gathered<Uint8Array | Uint16Array | Int32Array> {
  const { buffer } = values
  const out = words <= 1 << 8 ? new Uint8Array(buffer) : words <= 1 << 16 ? new Uint16Array(buffer) : values
  const defined = new Uint8Array(Math.ceil(count / 8))
  let at = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    const there = value === NULL ? 0 : 1
    // Never behind what is still to be read: no element is wider than before. What is not there is written over by the next one.
    out[at] = value
    at += there
    defined[i >> 3] = (defined[i >> 3] as number) | (there << (i & 7))
  }
  // The last group of eight is padded.
  out.fill(0, at, Math.ceil(at / 8) * 8)
  return { levels: levels(defined, count, at), present: out.subarray(0, at) }
}

/** The same for whole numbers, which become PLAIN 64-bit integers: pairs of 32 bits. -1 stands for null where there may be one. */
export function gatherIntegers(values: Float64Array<ArrayBuffer>, count: number, nullable: boolean): Gathered<Int32Array> {
  const out = new Int32Array(values.buffer)
  const defined = new Uint8Array(Math.ceil(count / 8))
  let at = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    if (nullable && value === NULL) continue
    const high = Math.floor(value / 2 ** 32)
    out[at++] = value - high * 2 ** 32
    out[at++] = high
    defined[i >> 3] = (defined[i >> 3] as number) | (1 << (i & 7))
  }
  return { levels: levels(defined, count, at / 2), present: out.subarray(0, at) }
}

function levels(defined: Uint8Array, count: number, present: number): Uint8Array {
  if (present === count) return framed(run(1, count))
  return present === 0 ? framed(run(0, count)) : framed(Buffer.concat([packedHead(count), defined]))
}

/** One run of the RLE/bit-packed hybrid: `value` (below 256) so many times. */
export function run(value: number, count: number): Uint8Array {
  const out: number[] = []
  putVarint(out, count * 2)
  return Uint8Array.from([...out, value])
}

/** Opens a bit-packed run of the hybrid, whose values go in groups of eight. */
function packedHead(count: number): Uint8Array {
  const out: number[] = []
  putVarint(out, Math.ceil(count / 8) * 2 + 1)
  return Uint8Array.from(out)
}

function framed(levels: Uint8Array): Uint8Array {
  const out = Buffer.alloc(4 + levels.length)
  out.writeUInt32LE(levels.length)
  out.set(levels, 4)
  return out
}

/** One bit a value of 0 or 1, the first one lowest. */
export function bitPacked(values: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(Math.ceil(values.length / 8))
  for (let i = 0; i < values.length; i++) out[i >> 3] = (out[i >> 3] as number) | ((values[i] as number) << (i & 7))
  return out
}

/** The bytes of a typed array, up to a whole group of eight elements, on the memory that it lies on. */
export const bytesOf = (values: Uint8Array | Uint16Array | Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, Math.ceil(values.length / 8) * 8 * values.BYTES_PER_ELEMENT)

/** Places in a dictionary of `words`, as parts: one run where it has one word, else bit-packed with a width of whole bytes. */
export function places(present: Uint8Array | Uint16Array | Int32Array, words: number): readonly Uint8Array[] {
  if (words === 1) return [Uint8Array.of(1), run(0, present.length)]
  return [Uint8Array.of(present.BYTES_PER_ELEMENT * 8), packedHead(present.length), bytesOf(present)]
}
