import { type CompiledCatalogue, catalogueReference } from '@logpipe/core/catalogue'
import { cell, generatedFrom, table } from './markdown.ts'

/** docs/events.md: every event with its meaning, then every message with its sample. */
export function eventsPage(catalogue: CompiledCatalogue): string {
  const count = new Map<string, number>()
  for (const { event } of catalogue.messages) count.set(event, (count.get(event) ?? 0) + 1)
  const rows = [...catalogue.events].map(([event, meaning]) => [`[${event}](#${event})`, cell(meaning), String(count.get(event) ?? 0)])
  return [
    '# Events and messages',
    generatedFrom('`pipelines/openssh/events.yaml`'),
    `${catalogue.messages.length} messages under ${count.size} events. Which share of what OpenSSH and PAM can write that is, and what is missed, stands in
[events-coverage.md](events-coverage.md). What one line of yours comes to: \`npx logpipe explain 'LINE'\`.`,
    `Two events come from the parser itself: \`unclassified\` (an sshd message that no template fits) and \`other_program\`. In a template, a name in braces
is a hole that becomes a column of \`events.json\` ([schemas.md](schemas.md)); \`{}\` is a hole that is not kept. Prefixes such as \`error: \`, suffixes such as
\` [preauth]\` and \`message repeated N times: [ … ]\` are taken off before. \`attempt\` stands once for each try at a login; the first message that fits wins.`,
    '## Events',
    table(['event', 'meaning', 'messages'], rows),
    '## Messages',
    catalogueReference(catalogue),
  ].join('\n\n')
}
