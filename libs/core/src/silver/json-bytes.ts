import { encode, View } from '../catalogue/bytes.ts'

/** Up to here words are copied faster by a loop than by TypedArray.set, whose call costs as much whatever the length. */
const SHORT = 64
const WORD = 8

/** Text that is put out again and again. */
export class Constant {
  readonly bytes: Uint8Array
  readonly length: number
  /** The same memory, filled up to whole words. */
  readonly words: BigInt64Array

  constructor(text: string) {
    const bytes = encode(text)
    const padded = new Uint8Array((bytes.length + WORD - 1) & -WORD)
    padded.set(bytes)
    this.bytes = padded.subarray(0, bytes.length)
    this.length = bytes.length
    this.words = new BigInt64Array(padded.buffer)
  }
}

/** What stands behind the backslash for a byte that JSON must escape: 0 none, 1 the \u00XX form, else the letter. */
const ESCAPES = new Uint8Array(256)
ESCAPES.fill(1, 0, 0x20)
ESCAPES[0x22] = 0x22
ESCAPES[0x5c] = 0x5c
ESCAPES[0x08] = 0x62
ESCAPES[0x09] = 0x74
ESCAPES[0x0a] = 0x6e
ESCAPES[0x0c] = 0x66
ESCAPES[0x0d] = 0x72

const HEX = encode('0123456789abcdef')

/** Whether one of four bytes needs escaping: below 0x20, a quote or a backslash. Each term has a byte's high bit set where that byte is one. */
const hasEscape = (word: number): boolean => {
  const quote = word ^ 0x22222222
  const backslash = word ^ 0x5c5c5c5c
  return ((((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080) !== 0
}

/** Writes the inside of a JSON string to `target` from `to` on; gives where it ends. */
function escape(source: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
  let at = to
  for (let i = start; i < end; i++) {
    const byte = source[i] as number
    const escaped = ESCAPES[byte] as number
    if (escaped === 0) {
      target[at++] = byte
      continue
    }
    target[at++] = 0x5c
    if (escaped !== 1) {
      target[at++] = escaped
      continue
    }
    target[at++] = 0x75
    target[at++] = 0x30
    target[at++] = 0x30
    target[at++] = HEX[byte >> 4] as number
    target[at++] = HEX[byte & 15] as number
  }
  return at
}

/** A growing buffer of JSON text in UTF-8. Texts are given as UTF-8 bytes, so that they are copied, not decoded. */
export class JsonBytes {
  buffer: Uint8Array<ArrayBuffer>
  at = 0
  readonly #source = new View()
  readonly #target = new View()

  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity)
  }

  /** What was written since the last call; valid until the next write. */
  take(): Uint8Array {
    const bytes = this.buffer.subarray(0, this.at)
    this.at = 0
    return bytes
  }

  /** Makes room for so many bytes, and for a word behind them; all other methods write without asking. */
  reserve(bytes: number): void {
    if (this.at + bytes + WORD <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.at + bytes + WORD))
    grown.set(this.buffer.subarray(0, this.at))
    this.buffer = grown
  }

  /** Writes up to seven bytes too many, which the next write covers. */
  put({ bytes, length, words }: Constant): void {
    let at = this.at
    this.at = at + length
    if (length > SHORT) return this.buffer.set(bytes, at)
    const to = this.#target.of(this.buffer)
    for (let i = 0; i < words.length; i++, at += WORD) to.setBigInt64(at, words[i] as bigint, true)
  }

  byte(value: number): void {
    this.buffer[this.at++] = value
  }

  /** A short part of bytes, as it is. */
  plain(source: Uint8Array, start: number, end: number): void {
    const { buffer } = this
    let at = this.at
    for (let i = start; i < end; i++) buffer[at++] = source[i] as number
    this.at = at
  }

  /** ASCII that needs no escaping. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.buffer[this.at++] = text.charCodeAt(i)
  }

  /** The inside of a JSON string; needs up to six bytes of room for each. Best where `source` is the same as the call before. */
  text(source: Uint8Array, start: number, end: number): void {
    const from = this.#source.of(source)
    const to = this.#target.of(this.buffer)
    let at = this.at
    let i = start
    for (const limit = end - 3; i < limit; i += 4, at += 4) {
      const word = from.getInt32(i, true)
      if (hasEscape(word)) break
      to.setInt32(at, word, true)
    }
    this.at = at
    if (i < end) this.at = escape(source, i, end, this.buffer, at)
  }

  /** A whole number that is not negative. */
  int(value: number): void {
    if (value >= 2_000_000_000) return this.ascii(String(value))
    const { buffer } = this
    let digits = 1
    for (let limit = 10; value >= limit; limit *= 10) digits++
    let rest = value
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const next = (rest / 10) | 0
      buffer[i] = 0x30 + rest - next * 10
      rest = next
    }
    this.at += digits
  }

  two(value: number): void {
    this.buffer[this.at++] = 0x30 + ((value / 10) | 0)
    this.buffer[this.at++] = 0x30 + (value % 10)
  }
}

/** The inside of a JSON string; the text itself where nothing in it needs escaping. */
export function jsonEscaped(text: Uint8Array): Uint8Array {
  let escapes = 0
  for (const byte of text) if (ESCAPES[byte] !== 0) escapes++
  if (escapes === 0) return text
  const bytes = new Uint8Array(text.length + escapes * 5)
  return bytes.subarray(0, escape(text, 0, text.length, bytes, 0))
}
