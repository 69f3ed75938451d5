import { decode, encode } from '../catalogue/bytes.ts'
import { canonicalAddress } from './address.ts'
import { equals, type Said, type SaidCache } from './said.ts'

const DOT = 0x2e
const COLON = 0x3a

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

/** canonicalAddress over bytes. */
export class AddressReader {
  readonly #texts: SaidCache
  /** Of what has a colon in it. */
  readonly #canonical = new WeakMap<Said, Said | null>()

  constructor(texts: SaidCache) {
    this.#texts = texts
  }

  said(bytes: Uint8Array, start: number, end: number): Said {
    return this.#texts.get(bytes, start, end)
  }

  /** Its canonical text, which may be itself; null when it is no address. */
  canonical(raw: Said): Said | null {
    const { text } = raw
    if (isIpv4(text, 0, text.length)) return raw
    if (!text.includes(COLON)) return null
    let found = this.#canonical.get(raw)
    if (found === undefined) {
      const canonical = canonicalAddress(decode(text))
      const bytes = canonical === null ? null : encode(canonical)
      found = bytes === null ? null : equals(text, bytes, 0, bytes.length) ? raw : this.#texts.get(bytes, 0, bytes.length)
      this.#canonical.set(raw, found)
    }
    return found
  }
}
