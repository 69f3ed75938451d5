import type { CompiledCatalogue, CompiledMessage } from './compile.ts'

/** Text inside a Markdown table cell, as code. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const row = (message: CompiledMessage): string =>
  `| ${code(message.source)} | ${message.outcome} | ${message.attempt ?? ''} | ${message.versions} | ${code(message.id)} |`

/** docs/events.md's tables: one section an event, in the order of the catalogue. */
export function catalogueReference(catalogue: CompiledCatalogue): string {
  const names = [...new Set([...catalogue.events.keys(), ...catalogue.messages.map(message => message.event)])]
  const sections = names.map(event => {
    const meaning = catalogue.events.get(event)
    return [
      `### ${event}`,
      '',
      ...(meaning === undefined ? [] : [`${meaning}.`, '']),
      '| message | outcome | attempt | written by | template_id |',
      '|---|---|---|---|---|',
      ...catalogue.messages.filter(message => message.event === event).map(row),
      '',
    ].join('\n')
  })
  return sections.join('\n')
}
