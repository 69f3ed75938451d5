import { createHash } from 'node:crypto'
import { LINE_FLAGS, type LineBatch, type Sha256 } from '../../src/lines/index.ts'

/** A line as the tests compare it. */
export interface PlainLine {
  line: number
  offset: number
  length: number
  text: string
  flags: string
  raw: string | null
  sha256: string | null
}

export const sha256 = (): Sha256 => {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

export const flagNames = (bits: number): string => Object.entries(LINE_FLAGS).flatMap(([name, bit]) => (bits & bit ? [name] : [])).join(' ')

/** Batches as plain lines. Reads each text as strict UTF-8, so that a batch with malformed text throws. */
export function plainLines(batches: readonly LineBatch[]): PlainLine[] {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return batches.flatMap((batch) =>
    Array.from({ length: batch.count }, (_, i) => {
      const special = batch.special.get(i)
      return {
        line: batch.firstLine + i,
        offset: batch.offsets[i] as number,
        length: batch.lengths[i] as number,
        text: strict.decode(batch.bytes.subarray(batch.starts[i], batch.ends[i])),
        flags: flagNames(batch.flags[i] as number),
        raw: special?.rawBytes ? Buffer.from(special.rawBytes).toString('hex') : null,
        sha256: special?.sha256 ?? null,
      }
    }),
  )
}

/** The obvious splitter over the whole file: slow, unbounded, and easy to believe. UTF-8 only. */
export function referenceSplit(source: Uint8Array, maxLineBytes: number): PlainLine[] {
  const bytes = Buffer.from(source)
  const lines: PlainLine[] = []
  const bom = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0
  for (let offset = 0; offset < bytes.length; ) {
    const lf = bytes.indexOf(0x0a, offset)
    const next = lf < 0 ? bytes.length : lf + 1
    const start = offset === 0 ? bom : offset
    let end = lf < 0 ? next : lf
    if (lf > start && bytes[lf - 1] === 0x0d) end--
    const content = bytes.subarray(start, end)
    lines.push({ line: lines.length + 1, offset, length: next - offset, ...describe(content, maxLineBytes, start > offset) })
    offset = next
  }
  return lines
}

function describe(content: Buffer, maxLineBytes: number, bom: boolean): Pick<PlainLine, 'text' | 'flags' | 'raw' | 'sha256'> {
  const oversize = content.length > maxLineBytes
  const kept = content.subarray(0, maxLineBytes)
  // A streaming decoder keeps back an unfinished character instead of replacing it, which is what a cut line needs.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: oversize })
  let lossy = false
  try {
    new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(kept, { stream: oversize })
  } catch {
    lossy = true
  }
  const shown = lossy ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept) : text
  const flags = [lossy && 'invalid_utf8', shown.includes('\0') && 'nul', bom && 'bom', shown.includes('\r') && 'lone_cr', oversize && 'oversize']
  return {
    text: shown,
    flags: flags.filter(Boolean).join(' '),
    raw: lossy ? kept.toString('hex') : null,
    sha256: oversize ? createHash('sha256').update(content).digest('hex') : null,
  }
}
