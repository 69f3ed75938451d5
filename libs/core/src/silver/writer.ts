import type { CompiledCatalogue } from '../catalogue/compile.ts'
import type { LineBatch } from '../lines/batch.ts'
import type { RunParams } from '../ports.ts'
import { type SilverCounts, TimeSpan } from './counts.ts'
import type { EventRows } from './event-columns.ts'
import { EventWriter } from './event-writer.ts'
import { LineParser } from './parser.ts'
import { QuarantineWriter } from './quarantine-writer.ts'

export interface SilverWriterOptions {
  /** Hex sha256 of some bytes; core is pure, so the platform's is passed in. */
  readonly sha256: (bytes: Uint8Array) => string
  /** Is given the events once more, as columns; the arrays are written over once it returns. Without it no columns are made. */
  readonly columns?: (rows: EventRows) => void
}

/**
 * Whole JSON lines of events.json and quarantine.json, to be put behind those given before. The bytes are valid until the next push or
 * finish, which writes over them: fresh memory for each would cost as much as the parse.
 */
export interface SilverChunk {
  readonly events: Uint8Array
  readonly quarantine: Uint8Array
}

/**
 * Turns batches of lines, in file order, into the bytes of silver's two files. The bytes do not depend on where batches are cut; events
 * that wait for a neighbour (see LINK_LINES) come with a later push.
 */
export interface SilverWriter {
  push(batch: LineBatch): SilverChunk
  /** The rest, and the counts of all. Nothing may be pushed after it. */
  finish(): SilverChunk & { readonly counts: SilverCounts }
}

/** @throws LogpipeError CONFIG_NOT_VALID for an unknown time zone. */
export function createSilverWriter(catalogue: CompiledCatalogue, params: RunParams, options: SilverWriterOptions): SilverWriter {
  const parser = new LineParser(catalogue, params)
  const events = new EventWriter(parser, catalogue.messages.length, options.columns)
  const quarantine = new QuarantineWriter(options.sha256)
  const times = new TimeSpan()
  const { header } = parser
  let lines = 0
  let yearInferred = 0
  return {
    push(batch) {
      const { bytes, count, firstLine, starts, ends, flags } = batch
      for (let i = 0; i < count; i++) {
        const start = starts[i] as number
        const end = ends[i] as number
        const reason = parser.parse(bytes, start, end, flags[i] as number)
        if (reason !== null) {
          quarantine.write(batch, i, reason)
          continue
        }
        if (header.moment?.yearInferred === true) yearInferred++
        times.add(header, bytes, parser.second)
        events.add(bytes, firstLine + i, start, end)
      }
      lines += count
      return { events: events.take(firstLine + count - 1), quarantine: quarantine.take() }
    },
    finish() {
      const chunk = { events: events.take(Number.POSITIVE_INFINITY), quarantine: quarantine.take() }
      const reasons = Object.fromEntries(quarantine.reasons)
      const quarantined = [...quarantine.reasons.values()].reduce((sum, n) => sum + n, 0)
      return {
        ...chunk,
        counts: {
          lines,
          parsed: lines - quarantined,
          quarantined,
          blank: quarantine.reasons.get('blank') ?? 0,
          unclassified: events.unclassified,
          otherProgram: events.otherProgram,
          failed: events.failed,
          accepted: events.accepted,
          yearInferred,
          firstTime: times.firstTime,
          lastTime: times.lastTime,
          timesBackwards: times.backwards,
          reasons,
        },
      }
    },
  }
}
