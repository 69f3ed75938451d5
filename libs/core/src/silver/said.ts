import { jsonEscaped } from './json-bytes.ts'

/** A text of some event, in bytes of its own: kept for all events that share it. */
export class Said {
  readonly text: Uint8Array
  /** The inside of its JSON string. */
  readonly json: Uint8Array
  /** Where it stands in a column's dictionary, and in which edition of it. */
  word = -1
  edition = -1

  constructor(text: Uint8Array) {
    this.text = text
    this.json = jsonEscaped(text)
  }
}

const SLOT_BITS = 14
/** Longer texts are made anew each time, so that what is remembered is bounded. */
const LONGEST = 256

/** Remembers the texts that were said last, so that most are made once. One cache a dictionary: a text has its place in one only. */
export class SaidCache {
  readonly #slots = new Array<Said | undefined>(1 << SLOT_BITS).fill(undefined)

  get(bytes: Uint8Array, start: number, end: number): Said {
    if (end - start > LONGEST) return new Said(bytes.slice(start, end))
    let hash = end - start
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
    const slot = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - SLOT_BITS)
    const known = this.#slots[slot]
    if (known !== undefined && equals(known.text, bytes, start, end)) return known
    const said = new Said(bytes.slice(start, end))
    this.#slots[slot] = said
    return said
  }
}

export function equals(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
