const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** Length of the sequence that `lead` opens, 0 when no valid sequence starts so. */
const sequenceLength = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0)

/** The second byte's range is narrower after some leads: no overlong forms, no surrogates, nothing past U+10FFFF. */
const secondFits = (lead: number, second: number): boolean =>
  second >= (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80) && second <= (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf)

/** Where the first malformed sequence of `bytes[start … end)` begins; `end` when all is well-formed UTF-8. */
export function firstInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const lead = bytes[at] as number
    if (lead < 0x80) {
      at++
      continue
    }
    const length = sequenceLength(lead)
    if (length === 0 || at + length > end || !secondFits(lead, bytes[at + 1] as number)) return at
    for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return at
    at += length
  }
  return end
}

/** True when `bytes[at … end)` is the well-formed beginning of one sequence that a cut at `end` left unfinished. */
export function isUnfinishedSequence(bytes: Uint8Array, at: number, end: number): boolean {
  const lead = bytes[at] as number
  if (at >= end || at + sequenceLength(lead) <= end) return false
  if (at + 1 < end && !secondFits(lead, bytes[at + 1] as number)) return false
  return at + 2 >= end || ((bytes[at + 2] as number) & 0xc0) === 0x80
}

/** The same text in valid UTF-8: U+FFFD for each malformed part, by the WHATWG rule that browsers, Node and Python share. */
export const repairUtf8 = (bytes: Uint8Array): Uint8Array => encoder.encode(decoder.decode(bytes))
