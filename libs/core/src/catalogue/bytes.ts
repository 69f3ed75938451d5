const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const encode = (text: string): Uint8Array => encoder.encode(text)
export const decode = (bytes: Uint8Array, start = 0, end = bytes.length): string => decoder.decode(bytes.subarray(start, end))

/** True where `bytes[at … limit)` begins with `literal`. */
export function startsWith(bytes: Uint8Array, literal: Uint8Array, at: number, limit: number): boolean {
  if (at + literal.length > limit) return false
  for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false
  return true
}

/** The end of `bytes[start … end)` without the spaces, tabs and CRs at its end. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start) {
    const byte = bytes[at - 1] as number
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break
    at--
  }
  return at
}

/** The number written in `bytes[start … end)`; -1 unless it is 1 to `most` digits. */
export function readInt(bytes: Uint8Array, start: number, end: number, most: number): number {
  if (end <= start || end - start > most) return -1
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
