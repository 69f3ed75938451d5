import { LINE_FLAGS, type SpecialLine } from './batch.ts'
import type { TakenLine } from './line-accumulator.ts'
import { utf16ToUtf8 } from './utf16.ts'
import { firstInvalidUtf8, isUnfinishedSequence, repairUtf8 } from './utf8.ts'

/** A line's text in valid UTF-8 and what was odd about it. */
export interface LineText {
  readonly text: Uint8Array
  readonly flags: number
  readonly special: SpecialLine | null
}

const CR = 0x0d

function finish(text: Uint8Array, rawBytes: Uint8Array | null, sha256: string | null): LineText {
  let flags = rawBytes === null ? 0 : LINE_FLAGS.invalid_utf8
  if (text.includes(0)) flags |= LINE_FLAGS.nul
  if (text.includes(CR)) flags |= LINE_FLAGS.lone_cr
  if (sha256 !== null) flags |= LINE_FLAGS.oversize
  return { text, flags, special: rawBytes === null && sha256 === null ? null : { rawBytes, sha256 } }
}

/** A character that the limit cuts in two is left out of the text; that alone does not make the line lossy. */
export function utf8Line({ kept, sha256 }: TakenLine): LineText {
  const invalid = firstInvalidUtf8(kept, 0, kept.length)
  if (invalid === kept.length) return finish(kept, null, sha256)
  if (sha256 !== null && isUnfinishedSequence(kept, invalid, kept.length)) return finish(kept.subarray(0, invalid), null, sha256)
  return finish(repairUtf8(kept), kept, sha256)
}

/** As `utf8Line`; raw bytes are kept only where decoding lost something. */
export function utf16Line({ kept, sha256 }: TakenLine, bigEndian: boolean): LineText {
  const { text, lossy } = utf16ToUtf8(kept, bigEndian)
  const cutPair = lossy && sha256 !== null && !utf16ToUtf8(kept.subarray(0, kept.length - 2), bigEndian).lossy && endsWithHighSurrogate(kept, bigEndian)
  if (cutPair) return finish(text.subarray(0, text.length - 3), null, sha256)
  return finish(text, lossy ? kept : null, sha256)
}

const endsWithHighSurrogate = (bytes: Uint8Array, bigEndian: boolean): boolean =>
  ((bytes[bytes.length - (bigEndian ? 2 : 1)] as number) & 0xfc) === 0xd8
