import { putVarint } from './thrift.ts'

type Values = Float64Array | Int32Array

/** The values that are there, and the definition levels that say which are: -1 stands for null where there may be one. */
export function withLevels<T extends Values>(values: T, count: number, nullable: boolean): { levels: Uint8Array; present: T } {
  let nulls = 0
  if (nullable) for (let i = 0; i < count; i++) if (values[i] === -1) nulls++
  if (nulls === 0) return { levels: framed(run(1, count)), present: values.subarray(0, count) as T }
  if (nulls === count) return { levels: framed(run(0, count)), present: values.subarray(0, 0) as T }
  const present = values.slice(0, count - nulls) as T
  const defined = new Uint8Array(count)
  for (let i = 0, at = 0; i < count; i++) {
    if (values[i] === -1) continue
    present[at++] = values[i] as number
    defined[i] = 1
  }
  const bits = bitPacked(defined)
  return { levels: framed(Buffer.concat([packedHead(count), bits])), present }
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
export function bitPacked(values: Values | Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(values.length / 8))
  for (let i = 0; i < values.length; i++) out[i >> 3] = (out[i >> 3] as number) | ((values[i] as number) << (i & 7))
  return out
}

/** Whole numbers as PLAIN 64-bit integers. */
export function integers(values: Values): Uint8Array {
  const out = new Int32Array(values.length * 2)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    out[2 * i] = value
    out[2 * i + 1] = Math.floor(value / 2 ** 32)
  }
  return new Uint8Array(out.buffer)
}

/** Places in a dictionary of `words`: one run where it has one word, else bit-packed with a width of whole bytes, which is a plain copy. */
export function places(values: Values, words: number): Uint8Array {
  if (words === 1) return Buffer.concat([Uint8Array.of(1), run(0, values.length)])
  const [width, Packed] = words <= 1 << 8 ? ([8, Uint8Array] as const) : words <= 1 << 16 ? ([16, Uint16Array] as const) : ([32, Uint32Array] as const)
  const packed = new Packed(Math.ceil(values.length / 8) * 8)
  packed.set(values)
  return Buffer.concat([Uint8Array.of(width), packedHead(values.length), new Uint8Array(packed.buffer)])
}
