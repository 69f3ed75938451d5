import { LINE_FLAGS, type LineBatch } from './batch.ts'
import { BatchBuilder } from './batch-builder.ts'
import { LineAccumulator, type Sha256 } from './line-accumulator.ts'
import { utf16Line } from './line-text.ts'

const NONE = new Uint8Array(0)
const BOM_BYTES = 2

/** Splits UTF-16 at LF and CRLF; offsets and lengths are of the original bytes. A rare encoding: plain code rather than fast. */
export class Utf16Splitter {
  readonly #bigEndian: boolean
  readonly #carry: LineAccumulator
  #odd: Uint8Array = NONE
  #line = 1
  #offset = 0
  #lead = BOM_BYTES

  constructor(limit: number, sha256: () => Sha256, bigEndian: boolean) {
    this.#bigEndian = bigEndian
    this.#carry = new LineAccumulator(Math.max(2, limit), bigEndian ? Uint8Array.of(0, 0x0d) : Uint8Array.of(0x0d, 0), sha256)
  }

  push(chunk: Uint8Array): LineBatch[] {
    const bytes = new Uint8Array(this.#odd.length + chunk.length)
    bytes.set(this.#odd)
    bytes.set(chunk, this.#odd.length)
    const whole = bytes.length - (bytes.length % 2)
    this.#odd = bytes.subarray(whole)
    const [high, low] = this.#bigEndian ? [0, 1] : [1, 0]
    const batch = new BatchBuilder(NONE, this.#line)
    let start = 0
    for (let i = 0; i < whole; i += 2) {
      if (bytes[i + low] !== 0x0a || bytes[i + high] !== 0) continue
      this.#carry.append(bytes.subarray(start, i))
      this.#add(batch, true, 0)
      start = i + 2
    }
    this.#carry.append(bytes.subarray(start, whole))
    return batch.count > 0 ? [batch.build()] : []
  }

  finish(lastFlags: number): LineBatch[] {
    this.#carry.append(this.#odd)
    if (this.#carry.total === 0 && this.#lead === 0) return []
    const batch = new BatchBuilder(NONE, this.#line)
    this.#add(batch, false, lastFlags)
    return [batch.build()]
  }

  #add(batch: BatchBuilder, terminated: boolean, extraFlags: number): void {
    const taken = this.#carry.take(terminated)
    const line = utf16Line(taken, this.#bigEndian)
    const bom = this.#lead > 0 ? LINE_FLAGS.bom : 0
    const length = this.#lead + taken.total + (terminated ? 2 : 0)
    batch.addText({ ...line, flags: line.flags | bom | extraFlags }, this.#offset, length)
    this.#line++
    this.#offset += length
    this.#lead = 0
  }
}
