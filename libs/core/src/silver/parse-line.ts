import { decode, encode } from '../catalogue/bytes.ts'
import type { CompiledCatalogue, CompiledMessage } from '../catalogue/compile.ts'
import { type MessageFields, messageFields } from '../catalogue/fields.ts'
import { mask } from '../catalogue/mask.ts'
import { LINE_FLAGS } from '../lines/batch.ts'
import type { RunParams } from '../ports.ts'
import type { QuarantineReason, SilverEvent } from './event.ts'
import type { HeaderForm } from './header.ts'
import { LineParser } from './parser.ts'

export type ParsedLine = { readonly event: SilverEvent; readonly quarantine: null } | { readonly event: null; readonly quarantine: QuarantineReason }

export interface Explanation {
  /** null when the header cannot be read. */
  readonly form: HeaderForm | null
  /** The catalogue's entry as people write it; null when none fits. */
  readonly message: CompiledMessage | null
  readonly line: ParsedLine
}

const NOTHING: MessageFields = {
  user: null,
  user_valid: null,
  address: null,
  address_raw: null,
  rhost: null,
  port: null,
  method: null,
  fingerprint: null,
  protocol: null,
  reason: null,
  session: null,
}

/** Parsers are costly to make and cheap to keep: one for each catalogue and set of params. */
const parsers = new WeakMap<CompiledCatalogue, Map<string, LineParser>>()
const MAX_KEPT = 16

function parserOf(catalogue: CompiledCatalogue, params: RunParams): LineParser {
  const kept = parsers.get(catalogue) ?? new Map<string, LineParser>()
  parsers.set(catalogue, kept)
  const key = `${params.baseTimeMs} ${params.timezone}`
  let parser = kept.get(key)
  if (parser === undefined) {
    if (kept.size >= MAX_KEPT) kept.clear()
    parser = new LineParser(catalogue, params)
    kept.set(key, parser)
  }
  return parser
}

/** Parses one line by itself, without its neighbours: address_from and user_from are `line` or null. `text` has no line end. */
export function parseLine(text: string, catalogue: CompiledCatalogue, params: RunParams, lineNo = 1): ParsedLine {
  return explainLine(text, catalogue, params, lineNo).line
}

/** What `logpipe explain` shows: header form, catalogue entry, and the event with its fields. */
export function explainLine(text: string, catalogue: CompiledCatalogue, params: RunParams, lineNo = 1): Explanation {
  const parser = parserOf(catalogue, params)
  const bytes = encode(text)
  const reason = parser.parse(bytes, 0, bytes.length, bytes.includes(0) ? LINE_FLAGS.nul : 0)
  if (reason !== null) return { form: null, message: null, line: { event: null, quarantine: reason } }
  const { form, tag } = parser.header
  return { form, message: tag.isSshd ? parser.classifier.message : null, line: { event: eventOf(parser, bytes, lineNo), quarantine: null } }
}

function timeOf(parser: LineParser, bytes: Uint8Array): string {
  const { moment, fractionStart, fractionEnd } = parser.header
  const fraction = fractionEnd > fractionStart ? `.${decode(bytes, fractionStart, fractionEnd)}` : ''
  return `${moment === null ? '' : decode(moment.minute)}${String(parser.second).padStart(2, '0')}${fraction}Z`
}

function eventOf(parser: LineParser, bytes: Uint8Array, line_no: number): SilverEvent {
  const { header, classifier } = parser
  const { tag } = header
  const part = (start: number, end: number): string | null => (start < 0 ? null : decode(bytes, start, end))
  const message = decode(bytes, header.messageStart)
  const entry = tag.isSshd ? classifier.message : null
  const fields = entry === null ? NOTHING : messageFields(classifier, bytes)
  return {
    line_no,
    time: timeOf(parser, bytes),
    year_inferred: header.moment?.yearInferred ?? false,
    host: part(header.hostStart, header.hostEnd),
    program: part(tag.nameStart, tag.nameEnd),
    pid: tag.pid < 0 ? null : tag.pid,
    event: entry?.event ?? (tag.isSshd ? 'unclassified' : 'other_program'),
    outcome: entry === null ? 'none' : classifier.outcome,
    attempt: entry?.attempt ?? null,
    user: fields.user,
    user_valid: fields.user_valid,
    address: fields.address,
    address_raw: fields.address_raw,
    address_from: fields.address_raw === null ? null : 'line',
    user_from: fields.user === null ? null : 'line',
    rhost: fields.rhost,
    port: fields.port,
    method: fields.method,
    fingerprint: fields.fingerprint,
    protocol: fields.protocol,
    reason: fields.reason,
    session: fields.session,
    repeat: tag.isSshd ? classifier.wrapper.repeat : 1,
    template_id: entry?.id ?? null,
    template: tag.isSshd ? classifier.template(bytes) : mask(message),
    message,
  }
}
