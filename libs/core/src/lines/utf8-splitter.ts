import { LINE_FLAGS, type LineBatch } from './batch.ts'
import { BatchBuilder } from './batch-builder.ts'
import { LineAccumulator, type Sha256 } from './line-accumulator.ts'
import { utf8Line } from './line-text.ts'
import { firstInvalidUtf8 } from './utf8.ts'

const LF = 0x0a
const CR = 0x0d
const NONE = new Uint8Array(0)

/**
 * True when all four bytes of a word lie above CR and below 0x80. Where no byte has its high bit, subtracting 0x0e from each sets a high
 * bit if one was smaller; a borrow may set another, which only sends the word to the slower look.
 */
const isPlain = (word: number): boolean => (((word - 0x0e0e0e0e) | word) & 0x80808080) === 0

/** Splits UTF-8 (or what claims to be) at LF and CRLF. `lead` bytes of BOM stand before the first line and count to its length. */
export class Utf8Splitter {
  readonly #limit: number
  readonly #carry: LineAccumulator
  #line = 1
  #offset = 0
  #lead: number

  constructor(limit: number, sha256: () => Sha256, lead: number) {
    this.#limit = limit
    this.#carry = new LineAccumulator(limit, Uint8Array.of(CR), sha256)
    this.#lead = lead
  }

  push(chunk: Uint8Array): LineBatch[] {
    const batches: LineBatch[] = []
    let start = 0
    if (this.#carry.total > 0 || this.#lead > 0) {
      const end = chunk.indexOf(LF)
      if (end < 0) {
        this.#carry.append(chunk)
        return batches
      }
      this.#carry.append(chunk.subarray(0, end))
      batches.push(this.#takeCarry(true, 0))
      start = end + 1
    }
    const batch = new BatchBuilder(chunk, this.#line)
    const rest = this.#scan(chunk, start, batch)
    if (batch.count > 0) {
      this.#line += batch.count
      batches.push(batch.build())
    }
    if (rest < chunk.length) this.#carry.append(chunk.subarray(rest))
    return batches
  }

  finish(lastFlags: number): LineBatch[] {
    return this.#carry.total > 0 || this.#lead > 0 ? [this.#takeCarry(false, lastFlags)] : []
  }

  /** Adds the whole lines of `chunk[from …)`; gives the start of the unfinished one. The one loop that sees each byte. */
  #scan(chunk: Uint8Array, from: number, batch: BatchBuilder): number {
    const limit = this.#limit
    let offset = this.#offset
    let start = from
    let crs = 0
    let odd = false
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const words = chunk.length - 3
    for (let i = from; i < chunk.length; i++) {
      while (i < words && isPlain(view.getInt32(i, true))) i += 4
      const byte = chunk[i] as number
      if (byte > CR && byte < 0x80) continue
      if (byte === CR) {
        crs++
      } else if (byte !== LF) {
        odd ||= byte === 0 || byte >= 0x80
      } else {
        let end = i
        if (crs > 0 && chunk[i - 1] === CR && end > start) {
          end--
          crs--
        }
        const length = i + 1 - start
        if (end - start > limit) this.#addLong(chunk.subarray(start, i), batch, offset, length)
        else if (odd) this.#addOdd(chunk, start, end, batch, offset, length, crs)
        else batch.add(start, end, offset, length, crs > 0 ? LINE_FLAGS.lone_cr : 0)
        offset += length
        start = i + 1
        crs = 0
        odd = false
      }
    }
    this.#offset = offset
    return start
  }

  /** A line with a NUL or bytes past ASCII; stays where it is when it is valid. */
  #addOdd(chunk: Uint8Array, start: number, end: number, batch: BatchBuilder, offset: number, length: number, crs: number): void {
    if (firstInvalidUtf8(chunk, start, end) < end) {
      batch.addText(utf8Line({ kept: chunk.slice(start, end), total: end - start, sha256: null }), offset, length)
      return
    }
    const nul = chunk.subarray(start, end).includes(0) ? LINE_FLAGS.nul : 0
    batch.add(start, end, offset, length, nul | (crs > 0 ? LINE_FLAGS.lone_cr : 0))
  }

  #addLong(line: Uint8Array, batch: BatchBuilder, offset: number, length: number): void {
    this.#carry.append(line)
    batch.addText(utf8Line(this.#carry.take(true)), offset, length)
  }

  #takeCarry(terminated: boolean, extraFlags: number): LineBatch {
    const taken = this.#carry.take(terminated)
    const line = utf8Line(taken)
    const bom = this.#lead > 0 ? LINE_FLAGS.bom : 0
    const length = this.#lead + taken.total + (terminated ? 1 : 0)
    const batch = new BatchBuilder(NONE, this.#line)
    batch.addText({ ...line, flags: line.flags | bom | extraFlags }, this.#offset, length)
    this.#line++
    this.#offset += length
    this.#lead = 0
    return batch.build()
  }
}
