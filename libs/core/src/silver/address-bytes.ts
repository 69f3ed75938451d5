import { decode, encode } from '../catalogue/bytes.ts'
import { canonicalAddress } from './address.ts'

const DOT = 0x2e
const COLON = 0x3a
const MAX_KEPT = 4096

/** True for IPv4 in dotted form, which is its own canonical text. */
function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 15) return false
  let parts = 1
  let digits = 0
  let value = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte === DOT) {
      if (digits === 0) return false
      parts++
      digits = 0
      value = 0
      continue
    }
    const digit = byte - 0x30
    if (digit < 0 || digit > 9 || (digits > 0 && value === 0)) return false
    value = value * 10 + digit
    if (value > 255) return false
    digits++
  }
  return parts === 4 && digits > 0
}

/** canonicalAddress over bytes: null when it is no address, `same` when it is its own canonical text. */
export class AddressReader {
  readonly #ipv6 = new Map<string, Uint8Array | null>()

  read(bytes: Uint8Array, start: number, end: number): Uint8Array | 'same' | null {
    if (isIpv4(bytes, start, end)) return 'same'
    let colon = start
    while (colon < end && bytes[colon] !== COLON) colon++
    if (colon === end) return null
    const text = decode(bytes, start, end)
    let found = this.#ipv6.get(text)
    if (found === undefined) {
      const canonical = canonicalAddress(text)
      found = canonical === null ? null : encode(canonical)
      if (this.#ipv6.size >= MAX_KEPT) this.#ipv6.clear()
      this.#ipv6.set(text, found)
    }
    return found
  }
}
