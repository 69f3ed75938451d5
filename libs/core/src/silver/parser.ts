import { Classifier } from '../catalogue/classify.ts'
import type { CompiledCatalogue } from '../catalogue/compile.ts'
import { LINE_FLAGS } from '../lines/batch.ts'
import type { RunParams } from '../ports.ts'
import type { QuarantineReason } from './event.ts'
import { HeaderCache, type Origin } from './header-cache.ts'
import { HeaderReader } from './header.ts'
import { timeBase } from './params.ts'

/**
 * The one implementation of the rules, over the bytes of a line. `parse` leaves what it found in `header` and `classifier` until its next
 * call, as positions in the bytes it was given.
 */
export class LineParser {
  readonly header: HeaderReader
  readonly classifier: Classifier
  /** Seconds of the UTC minute. */
  second = 0
  /** Where the line comes from, when its header is one that is remembered. */
  origin: Origin | null = null
  readonly #cache: HeaderCache

  constructor(catalogue: CompiledCatalogue, params: RunParams) {
    const base = timeBase(params)
    this.header = new HeaderReader(base)
    this.classifier = new Classifier(catalogue)
    this.#cache = new HeaderCache(base)
  }

  /** Why the line must be quarantined, or null when it is parsed. `flags` are bits of LINE_FLAGS. */
  parse(bytes: Uint8Array, start: number, end: number, flags: number): QuarantineReason | null {
    if ((flags & LINE_FLAGS.oversize) !== 0) return 'oversize'
    const { header } = this
    if (this.#cache.read(header, bytes, start, end)) {
      this.second = this.#cache.seconds
    } else {
      const fault = header.read(bytes, start, end)
      if (fault !== null) return this.#reason(fault, bytes, start, end, flags)
      this.second = header.moment?.second ?? 0
      this.#cache.remember(header, bytes, start)
    }
    this.origin = this.#cache.origin
    if (header.tag.isSshd) this.classifier.classify(bytes, header.messageStart, end)
    return null
  }

  #reason(fault: QuarantineReason, bytes: Uint8Array, start: number, end: number, flags: number): QuarantineReason {
    if (isBlank(bytes, start, end)) return 'blank'
    if ((flags & LINE_FLAGS.cut_off) !== 0) return 'cut_off'
    if ((flags & LINE_FLAGS.nul) !== 0) return 'binary'
    return fault
  }
}

/** Nothing but space, tab, CR, form feed and vertical tab. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0b && byte !== 0x0c) return false
  }
  return true
}
