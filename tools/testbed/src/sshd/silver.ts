import { createHash } from 'node:crypto'
import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import { createSplitter, type LineBatch } from '@logpipe/core/lines'
import { createSilverWriter, type SilverCounts, type SilverEvent } from '@logpipe/core/silver'

export interface Silver {
  readonly events: readonly SilverEvent[]
  readonly counts: SilverCounts
}

/** Reads a log as the pipeline's bronze and silver layers do, links between lines included. */
export function silverOf(log: Buffer, catalogue: CompiledCatalogue, baseTimeMs: number): Silver {
  const splitter = createSplitter({
    sha256: () => {
      const hash = createHash('sha256')
      return { update: bytes => void hash.update(bytes), hex: () => hash.digest('hex') }
    },
  })
  const writer = createSilverWriter(catalogue, { timezone: 'UTC', baseTimeMs }, { sha256: bytes => createHash('sha256').update(bytes).digest('hex') })
  const parts: Buffer[] = []
  const take = (batch: LineBatch): void => void parts.push(Buffer.from(writer.push(batch).events))
  for (const batch of splitter.push(log)) take(batch)
  for (const batch of splitter.finish({ truncated: false })) take(batch)
  const { events, counts } = writer.finish()
  const text = Buffer.concat([...parts, Buffer.from(events)]).toString('utf8')
  const rows = text.split('\n').filter(line => line !== '')
  return { events: rows.map(line => JSON.parse(line) as SilverEvent), counts }
}
