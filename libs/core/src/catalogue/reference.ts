import type { CompiledCatalogue, CompiledMessage } from './compile.ts'

/** Text inside a Markdown table cell, as code; a fence longer than the back quotes in it. */
const code = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const space = fence.length > 1 ? ' ' : ''
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`
}

/** The template, and below it the sample where it says more. */
const message = ({ source, sample }: CompiledMessage): string => (sample.message === source ? code(source) : `${code(source)}<br>${code(sample.message)}`)

const row = (entry: CompiledMessage): string => `| ${message(entry)} | ${entry.outcome}${entry.preauth === undefined ? '' : `; ${code('[preauth]')}: ${entry.preauth}`} | ${entry.attempt ?? ''} | ${entry.versions} | ${code(entry.id)} |`

/** docs/events.md's tables: one section an event, in the order of the catalogue. */
export function catalogueReference(catalogue: CompiledCatalogue): string {
  const names = [...new Set([...catalogue.events.keys(), ...catalogue.messages.map(entry => entry.event)])]
  const sections = names.map(event => {
    const meaning = catalogue.events.get(event)
    return [
      `### ${event}`,
      '',
      ...(meaning === undefined ? [] : [`${meaning}.`, '']),
      '| message and sample | outcome | attempt | written by | template_id |',
      '|---|---|---|---|---|',
      ...catalogue.messages.filter(entry => entry.event === event).map(row),
      '',
    ].join('\n')
  })
  return sections.join('\n')
}
