import { LogpipeError } from '../errors/error.ts'
import { CatalogueDocument, MessageEntry, RESERVED_EVENTS } from './document.ts'
import { sampleFaults } from './samples.ts'
import { parseTemplate, type Template } from './template.ts'

/** One message of the catalogue, ready for the parsers. */
export interface CompiledMessage extends Omit<MessageEntry, 'template'>, Template {
  /** Place in the catalogue: the first message that fits wins. */
  readonly index: number
  /** Written by the listening process: belongs to no session. */
  readonly alone: boolean
  /** The template as people write it, with named holes. */
  readonly source: string
}

export interface CompiledCatalogue {
  readonly version: number
  readonly messages: readonly CompiledMessage[]
  /** What each event name means; empty when the document gives none. */
  readonly events: ReadonlyMap<string, string>
  /** Names of events that belong to no session. */
  readonly alone: readonly string[]
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}
const describe = (issues: readonly Issue[], where = ''): string[] =>
  issues.map(issue => `${[where, ...issue.path.map(String)].filter(part => part !== '').join('.')}: ${issue.message}`)

/**
 * Checks events.yaml (already read from YAML) and compiles it.
 * @throws LogpipeError CATALOGUE_NOT_VALID with one line for each fault.
 */
export function compileCatalogue(document: unknown): CompiledCatalogue {
  const root = CatalogueDocument.safeParse(document)
  if (!root.success) throw notValid(describe(root.error.issues, 'events.yaml'))
  const events = new Map(Object.entries(root.data.events ?? {}))
  const faults = RESERVED_EVENTS.filter(name => events.has(name)).map(name => `events.${name}: the parser gives this event by itself`)
  const { alone } = root.data
  faults.push(...alone.filter(name => events.size > 0 && !events.has(name)).map(name => `alone: unknown event ${name}`))
  const messages: CompiledMessage[] = []
  const ids = new Set<string>()
  root.data.messages.forEach((value, i) => {
    const entry = MessageEntry.safeParse(value)
    const where = `messages[${i}]${idOf(value)}`
    if (!entry.success) return void faults.push(...describe(entry.error.issues, where))
    const { template: source, ...rest } = entry.data
    const { template, faults: found } = parseTemplate(source)
    if (ids.has(rest.id)) found.push('the id stands twice')
    ids.add(rest.id)
    if ((RESERVED_EVENTS as readonly string[]).includes(rest.event)) found.push(`the parser gives the event ${rest.event} by itself`)
    else if (events.size > 0 && !events.has(rest.event)) found.push(`unknown event ${rest.event}: add it to events, or use one of them`)
    for (const name of Object.keys(rest.set)) if (template.holes.some(hole => hole.field === name)) found.push(`${name} is both a hole and set`)
    faults.push(...found.map(fault => `${where}: ${fault}`))
    if (found.length === 0) messages.push({ ...rest, ...template, source, index: messages.length, alone: alone.includes(rest.event) })
  })
  if (faults.length > 0) throw notValid(faults)
  return { version: root.data.version, messages, events, alone }
}

/**
 * Checks that each entry's sample fits that entry and gives the fields it promises: for whoever writes a catalogue, not for each run.
 * @throws LogpipeError CATALOGUE_NOT_VALID with one line for each fault.
 */
export function checkSamples(catalogue: CompiledCatalogue): void {
  const faults = sampleFaults(catalogue)
  if (faults.length > 0) throw notValid(faults)
}

const notValid = (faults: readonly string[]): LogpipeError => new LogpipeError('CATALOGUE_NOT_VALID', { detail: faults.join('\n') })

const idOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? ` ${value.id}` : ''
