import { createHash } from 'node:crypto'
import { LogpipeError, type RunParams, safeText } from '@logpipe/core'
import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import { createSplitter, LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import { type Explanation, explainLine, type QuarantineReason, type SilverEvent } from '@logpipe/core/silver'
import { loadDefinition } from '@logpipe/definition'
import { print, printJson, style, tell } from '../output.ts'

export interface ExplainOptions {
  readonly json: boolean
  readonly timezone: string
  /** ISO time; now when left out. */
  readonly baseTime?: string
}

/** More is the work of a run, which also links neighbouring lines. */
export const MAX_LINES = 1000

/** Events that the parser gives by itself, so the catalogue has no meaning for them. */
const OWN_EVENTS: ReadonlyMap<string, string> = new Map([
  ['unclassified', 'an sshd message that no template fits; one entry in pipelines/openssh/events.yaml teaches it'],
  ['other_program', 'a line of another program than sshd'],
])

const REASONS: Readonly<Record<QuarantineReason, string>> = {
  blank: 'nothing but white space; does not count against quality',
  no_header: 'no known header form (RFC 3164, RFC 3339, RFC 5424, macOS unified log)',
  bad_time: 'the header has no time that exists',
  oversize: 'longer than the cap of a line; bronze keeps its start, its length and its sha256',
  cut_off: 'the last line of a source that is cut',
  binary: 'no header, and NUL bytes',
}

/** What one line comes to. Exactly one of `event` and `quarantine` is null. */
export interface Explained {
  readonly line: string
  readonly header: Explanation['form']
  readonly template: { readonly id: string; readonly text: string } | null
  readonly meaning: string
  readonly quarantine: QuarantineReason | null
  readonly event: SilverEvent | null
}

/** Explains one line by itself. `flags` are bits of LINE_FLAGS. */
export function explained(line: string, catalogue: CompiledCatalogue, params: RunParams, lineNo = 1, flags = 0): Explained {
  const { form, message, line: parsed } = explainLine(line, catalogue, params, lineNo)
  const quarantine = (flags & LINE_FLAGS.oversize) !== 0 ? 'oversize' : parsed.quarantine
  if (quarantine !== null || parsed.event === null) {
    const reason = quarantine ?? 'no_header'
    return { line, header: null, template: null, meaning: REASONS[reason], quarantine: reason, event: null }
  }
  const { event } = parsed
  const meaning = catalogue.events.get(event.event) ?? OWN_EVENTS.get(event.event) ?? ''
  return { line, header: form, template: message && { id: message.id, text: message.source }, meaning, quarantine: null, event }
}

const SHOWN_ABOVE = new Set(['line_no', 'time', 'year_inferred', 'host', 'program', 'pid', 'event', 'outcome', 'attempt', 'template_id', 'template', 'message'])
type Value = string | number | boolean | null
const shown = (value: Value): string => (value === null ? '(none)' : value === '' ? '(empty)' : safeText(String(value)))
const row = (name: string, value: Value, note = ''): string => `  ${name.padEnd(13)} ${shown(value)}${note === '' ? '' : style('dim', `  ${note}`)}`

/** For a person: every part of the line, each on a line of its own. */
export function describe({ line, header, template, meaning, quarantine, event }: Explained, timezone: string): string {
  const first = style('bold', safeText(line.length > 500 ? `${line.slice(0, 500)}…` : line))
  if (event === null) return [first, row('quarantined', quarantine, meaning)].join('\n')
  return [
    first,
    row('header', header),
    row('time', event.time, event.year_inferred ? `no year in the line: the one nearest before the base time; local time of ${timezone}` : ''),
    row('host', event.host),
    row('program', event.program),
    row('pid', event.pid),
    row('template', template?.id ?? null, template === null ? '' : safeText(template.text)),
    row('masked', event.template),
    row('event', event.event, meaning),
    row('outcome', event.outcome),
    row('attempt', event.attempt, event.attempt === null ? 'not counted as a try at a login' : `counts as ${event.repeat} ${event.repeat === 1 ? 'try' : 'tries'} at a login`),
    '  fields',
    ...Object.entries<Value>({ ...event })
      .filter(([name]) => !SHOWN_ABOVE.has(name))
      .map(([name, value]) => `  ${row(name, value)}`),
  ].join('\n')
}

function paramsOf({ timezone, baseTime }: ExplainOptions): RunParams {
  const baseTimeMs = baseTime === undefined ? Date.now() : Date.parse(baseTime)
  if (Number.isNaN(baseTimeMs)) throw new LogpipeError('USAGE', { detail: `--base-time ${baseTime}: an ISO time is wanted, e.g. 2026-01-05T00:00:00Z` })
  return { timezone, baseTimeMs }
}

/** Lines by the same splitter as a run's, so that CRLF, NUL, invalid UTF-8 and endless lines are what they are there. */
async function* linesOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<{ text: string; lineNo: number; flags: number }> {
  const splitter = createSplitter({
    sha256: () => {
      const hash = createHash('sha256')
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
    },
  })
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  function* texts(batches: readonly LineBatch[]): Generator<{ text: string; lineNo: number; flags: number }> {
    for (const { bytes, count, firstLine, starts, ends, flags } of batches) {
      for (let i = 0; i < count; i++) yield { text: decoder.decode(bytes.subarray(starts[i], ends[i])), lineNo: firstLine + i, flags: flags[i] ?? 0 }
    }
  }
  for await (const chunk of source) yield* texts(splitter.push(chunk))
  yield* texts(splitter.finish())
}

/** `logpipe explain LINE`, `logpipe explain -`: what the pipeline reads in a line, and why. A quarantined line is an answer too: exit code 0. */
export async function explain(given: string, options: ExplainOptions, input: AsyncIterable<Uint8Array> = process.stdin): Promise<number> {
  const params = paramsOf(options)
  const { catalogue } = await loadDefinition()
  const found: Explained[] = []
  let more = false
  for await (const { text, lineNo, flags } of linesOf(given === '-' ? input : [Buffer.from(given === '' ? '\n' : given)])) {
    if ((more = lineNo > MAX_LINES)) break
    const one = explained(text, catalogue, params, lineNo, flags)
    if (options.json) found.push(one)
    else print(`${lineNo > 1 ? '\n' : ''}${describe(one, options.timezone)}`)
  }
  if (options.json) printJson({ ok: true, data: { lines: found, more } })
  if (more) tell(`Only the first ${MAX_LINES} lines are explained. For a whole file: npx logpipe run FILE`)
  return 0
}
