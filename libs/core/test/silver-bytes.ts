import { createHash } from 'node:crypto'
import { Classifier } from '../src/catalogue/classify.ts'
import type { CompiledCatalogue } from '../src/catalogue/index.ts'
import { createSplitter, type LineBatch } from '../src/lines/index.ts'
import type { RunParams } from '../src/ports.ts'
import { createSilverWriter, type QuarantinedLine, type SilverCounts, type SilverEvent } from '../src/silver/index.ts'

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export interface SplitOptions {
  readonly chunk?: number
  readonly maxLineBytes?: number
  readonly truncated?: boolean
}

/** Splits a source as the pipeline does; `chunk` is how many bytes are pushed at once. */
export function batchesOf(source: Uint8Array, { chunk = source.length, maxLineBytes, truncated = false }: SplitOptions = {}): LineBatch[] {
  const splitter = createSplitter({
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    sha256: () => {
      const hash = createHash('sha256')
      return { update: bytes => void hash.update(bytes), hex: () => hash.digest('hex') }
    },
  })
  const batches: LineBatch[] = []
  for (let at = 0; at < source.length; at += chunk) batches.push(...splitter.push(source.slice(at, at + chunk)))
  return [...batches, ...splitter.finish({ truncated })]
}

export interface SilverBytes {
  readonly events: string
  readonly quarantine: string
  readonly counts: SilverCounts
}

/** What the silver writer makes of batches, as whole files. */
export function silverOf(batches: readonly LineBatch[], catalogue: CompiledCatalogue, params: RunParams): SilverBytes {
  const writer = createSilverWriter(catalogue, params, { sha256 })
  const events: Buffer[] = []
  const quarantine: Buffer[] = []
  const keep = (chunk: { events: Uint8Array; quarantine: Uint8Array }): void => {
    events.push(Buffer.from(chunk.events))
    quarantine.push(Buffer.from(chunk.quarantine))
  }
  for (const batch of batches) keep(writer.push(batch))
  const last = writer.finish()
  keep(last)
  return { events: Buffer.concat(events).toString('utf8'), quarantine: Buffer.concat(quarantine).toString('utf8'), counts: last.counts }
}

const rows = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as unknown)

export const eventsOf = (bytes: SilverBytes): SilverEvent[] => rows(bytes.events) as SilverEvent[]
export const quarantineOf = (bytes: SilverBytes): QuarantinedLine[] => rows(bytes.quarantine) as QuarantinedLine[]

export const source = (lines: readonly string[]): Uint8Array => Buffer.from(lines.map(line => `${line}\n`).join(''))

/** How often the matcher looks at a byte until it knows which message of the catalogue a text is, or that it is none. */
export function matchSteps(text: string, catalogue: CompiledCatalogue): number {
  const classifier = new Classifier(catalogue)
  const bytes = Buffer.from(text)
  classifier.classify(bytes, 0, bytes.length)
  return classifier.matcher.steps
}
