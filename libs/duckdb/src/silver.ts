import { createHash } from 'node:crypto'
import { LogpipeError, type LayerResult, type Output } from '@logpipe/core'
import { createSilverWriter, type SilverCounts } from '@logpipe/core/silver'
import { HashingFile, LocalFile } from './hashing-file.ts'
import type { LayerContext } from './layer-context.ts'
import { EventsParquet } from './parquet/events-parquet.ts'
import { publishPart } from './publish-part.ts'
import { walkLines } from './source-lines.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Lines to events and quarantine, by the catalogue's parser over the same bytes that bronze read. Beside them, for this process's own later
 * layers and not published, the events' twin: the columns that those read.
 */
export async function runSilver(context: LayerContext): Promise<LayerResult> {
  const { store, task, folder, definition } = context
  const [eventsOutput, quarantineOutput] = outputs(context)
  const events = new HashingFile(folder.fresh('.jsonl'))
  const quarantine = new HashingFile(folder.fresh('.jsonl'))
  const twin = new LocalFile(folder.fresh('.parquet'))
  try {
    const columns = new EventsParquet(twin)
    const writer = createSilverWriter(definition.catalogue, task.params, { sha256, columns: (rows) => columns.add(rows) })
    const write = (chunk: { events: Uint8Array; quarantine: Uint8Array }): void => {
      if (chunk.events.length > 0) events.write(chunk.events)
      if (chunk.quarantine.length > 0) quarantine.write(chunk.quarantine)
    }
    await walkLines({ ...context, source: task.source }, (batch) => write(writer.push(batch)))
    const last = writer.finish()
    write(last)
    columns.finish()
    const parts = [
      await publishPart(store, task, eventsOutput, await folder.keep(eventsOutput.name, events.finish()), last.counts.parsed),
      await publishPart(store, task, quarantineOutput, await folder.keep(quarantineOutput.name, quarantine.finish()), last.counts.quarantined),
    ]
    for (const part of parts) if (part.output === eventsOutput.name) await folder.keepTwin(part, twin.path)
    return { parts, counts: flatCounts(last.counts), warnings: [] }
  } finally {
    events.discard()
    quarantine.discard()
    twin.discard()
  }
}

/** Names as in the data; reasons of quarantine as `quarantined_<reason>`. */
function flatCounts({ lines, parsed, quarantined, blank, unclassified, otherProgram, failed, accepted, timesBackwards, yearInferred, reasons }: SilverCounts): Record<string, number> {
  const byReason = Object.entries(reasons).map(([reason, count]) => [`quarantined_${reason}`, count] as const)
  const counts = { lines, parsed, quarantined, blank, unclassified, other_program: otherProgram, failed, accepted, times_backwards: timesBackwards, year_inferred: yearInferred }
  return { ...counts, ...Object.fromEntries(byReason) }
}

function outputs({ task: { layer } }: LayerContext): [events: Output, quarantine: Output] {
  const [events, quarantine, ...others] = layer.outputs
  if (events?.name === 'events' && quarantine?.name === 'quarantine' && others.length === 0) return [events, quarantine]
  throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layer ${layer.name}: the engine makes the outputs events and quarantine here, in this order` })
}
