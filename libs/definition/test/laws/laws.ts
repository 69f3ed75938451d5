import type { RunParams } from '@logpipe/core'
import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import type { LineBatch } from '@logpipe/core/lines'
import { parseLine, type QuarantinedLine, type SilverEvent } from '@logpipe/core/silver'
import { batchesOf, eventsOf, quarantineOf, type SilverBytes, silverOf } from '@logpipe/core/testing'
import { differences } from '../differences.ts'
import type { SilverOnDuckDb } from '../silver-duckdb.ts'
import { type GeneratedSource, startsLikeBom } from './generate.ts'

/** A generated source, read once by the whole path: splitter, then silver writer. */
export interface Read {
  readonly source: GeneratedSource
  readonly batches: readonly LineBatch[]
  readonly silver: SilverBytes
  readonly events: readonly SilverEvent[]
  readonly quarantine: readonly QuarantinedLine[]
}

export interface Bench {
  readonly catalogue: CompiledCatalogue
  readonly duckdb: SilverOnDuckDb
  readonly params: RunParams
  /** Where to cut, how large chunks are: below `max`, from the seed. */
  readonly pick: (max: number) => number
}

/** Gives the counterexamples of one law in one source; what it throws is one too. */
export type Law = (read: Read, bench: Bench) => unknown[] | Promise<unknown[]>

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function readSource(source: GeneratedSource, { catalogue, params }: Bench): Read {
  const batches = batchesOf(source.bytes)
  const silver = silverOf(batches, catalogue, params)
  return { source, batches, silver, events: eventsOf(silver), quarantine: quarantineOf(silver) }
}

function* texts(batches: readonly LineBatch[]): Generator<string> {
  for (const { bytes, count, starts, ends } of batches) for (let i = 0; i < count; i++) yield decoder.decode(bytes.subarray(starts[i], ends[i]))
}

const sameBytes = (what: string, a: SilverBytes, b: SilverBytes): unknown[] =>
  a.events === b.events && a.quarantine === b.quarantine && JSON.stringify(a.counts) === JSON.stringify(b.counts) ? [] : [what, ...differences(eventsOf(a), eventsOf(b)), ...differences(quarantineOf(a), quarantineOf(b))]

const parseNeverThrows: Law = ({ batches }, { catalogue, params }) => {
  const found: unknown[] = []
  for (const text of texts(batches)) {
    try {
      parseLine(text, catalogue, params)
    } catch (error) {
      found.push({ text, error: String(error) })
    }
  }
  return found
}

const noLineLost: Law = ({ source, silver, events, quarantine }) => {
  const { lines, parsed, quarantined } = silver.counts
  const whole = lines === source.lines.length && parsed + quarantined === lines && events.length === parsed && quarantine.length === quarantined
  const seen = new Set([...events, ...quarantine].map((row) => row.line_no))
  const missing = source.lines.findIndex((_, i) => !seen.has(i + 1))
  return whole && seen.size === lines && missing < 0 ? [] : [{ generated: source.lines.length, counts: silver.counts, numbers: seen.size, missing: missing + 1 }]
}

const offsetsTile: Law = ({ source, batches, quarantine }) => {
  let next = 0
  const found: unknown[] = []
  const places = new Map<number, readonly [offset: number, length: number]>()
  for (const { count, firstLine, offsets, lengths } of batches) {
    for (let i = 0; i < count; i++) {
      const [offset, length] = [offsets[i] as number, lengths[i] as number]
      const line = source.lines[firstLine + i - 1]
      if (offset !== next || length !== line?.length) found.push({ line: firstLine + i, offset, length, expected: [next, line?.length] })
      places.set(firstLine + i, [offset, length])
      next = offset + length
    }
  }
  if (next !== source.bytes.length) found.push({ end: next, bytes: source.bytes.length })
  for (const { line_no, byte_offset, byte_length } of quarantine) {
    const [offset, length] = places.get(line_no) ?? []
    if (offset !== byte_offset || length !== byte_length) found.push({ line: line_no, quarantine: [byte_offset, byte_length], splitter: [offset, length] })
  }
  return found
}

const eventIsItsLine: Law = ({ batches, events }, { catalogue, params }) => {
  const lines = [...texts(batches)]
  const alone: object[] = []
  const within: object[] = []
  for (const event of events) {
    const parsed = parseLine(lines[event.line_no - 1] ?? '', catalogue, params, event.line_no).event
    alone.push(parsed === null ? { line_no: event.line_no } : unlinked(parsed, event))
    within.push(unlinked(event, event))
  }
  return differences(alone, within)
}

const sqlAgrees: Law = async ({ batches, events, quarantine }, { duckdb, params }) => {
  const sql = await duckdb.run(batches, params)
  return [...differences(sql.events, events), ...differences(sql.quarantine, quarantine)]
}

const rerunIsSame: Law = ({ source, silver }, { catalogue, params }) => sameBytes('rerun', silver, silverOf(batchesOf(source.bytes.slice()), catalogue, params))

const chunksDoNotShow: Law = ({ source, silver }, { catalogue, params, pick }) => {
  const chunk = 1 + pick([3, 64, 5000, 200_000][pick(4)] ?? 64)
  return sameBytes(`chunks of ${chunk}`, silver, silverOf(batchesOf(source.bytes, { chunk }), catalogue, params))
}

/** An event without what a neighbouring line gave to it or, as `other` says, to its twin. */
function unlinked(event: SilverEvent, other: SilverEvent): object {
  const address = [event, other].some((one) => one.address_from === 'session') ? { address: null, address_from: null, ...(event.rhost === null ? { address_raw: null } : {}) } : {}
  const user = [event, other].some((one) => one.user_from === 'session') ? { user: null, user_from: null, user_valid: null } : {}
  return { ...event, ...address, ...user }
}

const PIECE = 500

/** Cuts each piece of the source in two between lines, and reads the halves as sources of their own. */
const cutsDoNotShow: Law = ({ source }, { catalogue, params, pick }) => {
  const found: unknown[] = []
  for (let from = 0; from < source.lines.length && found.length < 5; from += PIECE) {
    const lines = source.lines.slice(from, from + PIECE).filter((line, i) => i > 0 || !startsLikeBom(line))
    const at = pick(lines.length)
    if (lines[at] === undefined || startsLikeBom(lines[at])) continue
    const read = (part: readonly Uint8Array[]): SilverBytes => silverOf(batchesOf(Buffer.concat(part)), catalogue, params)
    const [whole, head, tail] = [read(lines), read(lines.slice(0, at)), read(lines.slice(at))]
    const bytes = lines.slice(0, at).reduce((sum, line) => sum + line.length, 0)
    const events = [...eventsOf(head), ...eventsOf(tail).map((event) => ({ ...event, line_no: event.line_no + at }))]
    const quarantine = [...quarantineOf(head), ...quarantineOf(tail).map((row) => ({ ...row, line_no: row.line_no + at, byte_offset: row.byte_offset + bytes }))]
    const uncut = eventsOf(whole)
    found.push(
      ...differences(uncut.map((event, i) => unlinked(event, events[i] ?? event)), events.map((event, i) => unlinked(event, uncut[i] ?? event))),
      ...differences(quarantineOf(whole), quarantine),
    )
  }
  return found
}

/** The same text as UTF-16 gives the same events; only bytes, and so offsets and hashes, are others. */
const encodingDoesNotShow: Law = ({ batches, events, quarantine }, { catalogue, params, pick }) => {
  // CRLF behind each line: a text that ends in CR would lose it before a bare LF.
  const text = `\uFEFF${[...texts(batches)].map((line) => `${line}\r\n`).join('')}`
  const utf16 = Buffer.from(text, 'utf16le')
  if (pick(2) === 0) utf16.swap16()
  const read = silverOf(batchesOf(utf16), catalogue, params)
  const reason = ({ line_no, reason, raw }: QuarantinedLine): object => ({ line_no, reason, raw })
  return [...differences(events, eventsOf(read)), ...differences(quarantine.map(reason), quarantineOf(read).map(reason))]
}

export const LAWS: ReadonlyMap<string, Law> = new Map([
  ['parse never throws', parseNeverThrows],
  ['lines in = parsed + quarantined', noLineLost],
  ['offsets tile the source', offsetsTile],
  ['SQL and parser agree field by field', sqlAgrees],
  ['a rerun gives the same bytes', rerunIsSame],
  ['chunks of the stream do not show', chunksDoNotShow],
  ['a cut between lines does not show, but for numbers, offsets and what a session gave', cutsDoNotShow],
  ['an event is what its line says alone, but for what a session gave', eventIsItsLine],
  ['UTF-16 gives the events of UTF-8', encodingDoesNotShow],
])
