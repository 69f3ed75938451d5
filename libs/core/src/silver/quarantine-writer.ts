import type { LineBatch } from '../lines/batch.ts'
import type { QuarantineReason } from './event.ts'
import { Constant, JsonBytes } from './json-bytes.ts'

/** How many characters (code points) of a quarantined line are kept in silver; bronze has it whole. */
export const RAW_CHARACTERS = 2000

const LINE_NO = new Constant('{"line_no":')
const OFFSET = new Constant(',"byte_offset":')
const LENGTH = new Constant(',"byte_length":')
const SHA = new Constant(',"sha256":"')
const REASON = new Constant('","reason":"')
const RAW = new Constant('","raw":"')
const END = new Constant('"}\n')
const FIXED = 400

/** The end of the first `most` characters of UTF-8 text. */
function capped(bytes: Uint8Array, start: number, end: number, most: number): number {
  if (end - start <= most) return end
  let characters = 0
  let at = start
  for (; at < end; at++) {
    if (((bytes[at] as number) & 0xc0) !== 0x80 && characters++ === most) break
  }
  return at
}

/** Writes quarantine.json and counts its lines by reason. */
export class QuarantineWriter {
  readonly reasons = new Map<QuarantineReason, number>()
  readonly #sha256: (bytes: Uint8Array) => string
  readonly #out = new JsonBytes(4096)

  constructor(sha256: (bytes: Uint8Array) => string) {
    this.#sha256 = sha256
  }

  write(batch: LineBatch, i: number, reason: QuarantineReason): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
    const start = batch.starts[i] as number
    const end = batch.ends[i] as number
    const special = batch.special.get(i)
    const hash = special?.sha256 ?? this.#sha256(special?.rawBytes ?? batch.bytes.subarray(start, end))
    const rawEnd = capped(batch.bytes, start, end, RAW_CHARACTERS)
    const out = this.#out
    out.reserve(FIXED + (rawEnd - start) * 6)
    out.put(LINE_NO)
    out.int(batch.firstLine + i)
    out.put(OFFSET)
    out.int(batch.offsets[i] as number)
    out.put(LENGTH)
    out.int(batch.lengths[i] as number)
    out.put(SHA)
    out.ascii(hash)
    out.put(REASON)
    out.ascii(reason)
    out.put(RAW)
    out.text(batch.bytes, start, rawEnd)
    out.put(END)
  }

  /** What was written since the last call; valid until the next `write`. */
  take(): Uint8Array {
    return this.#out.take()
  }
}
