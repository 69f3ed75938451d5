/** Values of a Thrift struct: field id → value. Only what Parquet's footer and page headers need. */
export type ThriftValue =
  | { readonly kind: 'i32' | 'i64'; readonly value: number }
  | { readonly kind: 'binary'; readonly value: Uint8Array }
  | { readonly kind: 'struct'; readonly fields: ThriftFields }
  | { readonly kind: 'list'; readonly of: ThriftValue['kind']; readonly items: readonly ThriftValue[] }
export type ThriftFields = readonly (readonly [id: number, value: ThriftValue])[]

export const i32 = (value: number): ThriftValue => ({ kind: 'i32', value })
export const i64 = (value: number): ThriftValue => ({ kind: 'i64', value })
export const binary = (value: Uint8Array): ThriftValue => ({ kind: 'binary', value })
export const text = (value: string): ThriftValue => binary(Buffer.from(value))
export const struct = (...fields: ThriftFields): ThriftValue => ({ kind: 'struct', fields })
export const list = (of: ThriftValue['kind'], items: readonly ThriftValue[]): ThriftValue => ({ kind: 'list', of, items })

const TYPE = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const

/** Unsigned LEB128 of a whole number below 2^53. */
export function putVarint(out: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  out.push(rest)
}

/** Zigzag: small magnitudes of either sign become small varints. */
export const putZigzag = (out: number[], value: number): void => putVarint(out, value >= 0 ? value * 2 : -value * 2 - 1)

function putValue(out: number[], value: ThriftValue): void {
  switch (value.kind) {
    case 'i32':
    case 'i64':
      putZigzag(out, value.value)
      break
    case 'binary':
      putVarint(out, value.value.length)
      for (const byte of value.value) out.push(byte)
      break
    case 'struct':
      putFields(out, value.fields)
      break
    case 'list':
      if (value.items.length < 15) out.push((value.items.length << 4) | TYPE[value.of])
      else {
        out.push(0xf0 | TYPE[value.of])
        putVarint(out, value.items.length)
      }
      for (const item of value.items) putValue(out, item)
      break
  }
}

/** Ids rise by less than 16 in all of Parquet's structs, so that the short field header always serves. */
function putFields(out: number[], fields: ThriftFields): void {
  let last = 0
  for (const [id, value] of fields) {
    out.push(((id - last) << 4) | TYPE[value.kind])
    putValue(out, value)
    last = id
  }
  out.push(0)
}

/** A struct in Thrift's compact protocol. */
export function encodeStruct(fields: ThriftFields): Uint8Array {
  const out: number[] = []
  putFields(out, fields)
  return Uint8Array.from(out)
}
