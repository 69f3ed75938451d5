/**
 * Lines of one source in file order, as columns over one buffer: the currency between the line splitter, the bronze writer and the
 * silver parser. A batch never splits a line. `bytes[starts[i] … ends[i])` is the line's text: valid UTF-8, no terminator.
 */
export interface LineBatch {
  readonly bytes: Uint8Array
  readonly count: number
  /** 1-based number of the batch's first line; line i has `firstLine + i`. */
  readonly firstLine: number
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** Offset of each line's first byte in the source (of the decompressed stream for gzip, of the original bytes for UTF-16). */
  readonly offsets: Float64Array
  /** Length of each line in the source, terminator included; offsets and lengths tile the source. */
  readonly lengths: Float64Array
  /** Bits of LINE_FLAGS. 0 for nearly every line. */
  readonly flags: Uint8Array
  /** Only for lines that are not the source's own bytes or are cut: index in batch → the original bytes (capped) and, when oversize, the sha256 of all of them. */
  readonly special: ReadonlyMap<number, SpecialLine>
}

export interface SpecialLine {
  /** The original bytes without terminator; null when the text is the original. Capped for oversize lines. */
  readonly rawBytes: Uint8Array | null
  /** Hex sha256 of the whole original line without terminator; set for oversize lines, whose rest is not kept. */
  readonly sha256: string | null
}

/** What was odd about a line; names as they stand in bronze's `flags` column (joined by a space, in this order). */
export const LINE_FLAGS = {
  invalid_utf8: 1,
  nul: 2,
  bom: 4,
  lone_cr: 8,
  oversize: 16,
  cut_off: 32,
} as const

export type LineFlag = keyof typeof LINE_FLAGS
