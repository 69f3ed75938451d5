import { createHash } from 'node:crypto'
import { Manifest, places, Pointer, readDocument, type Report } from '@logpipe/core'
import type { PipelineHost } from '../pipeline-host.ts'

/** All that a run has left in storage, so that two runs of the same source can be compared. */
export interface RunState {
  readonly status: string
  /** sha256 of the bytes that a reader gets (pointer → manifests → parts) and of the model versions, by container and name. */
  readonly data: Readonly<Record<string, string>>
  /** Report, manifests, pointer and the models' index without what tells the time or the place. */
  readonly documents: Readonly<Record<string, unknown>>
  /** Lines of the source, and of what became of them. */
  readonly lines: { readonly source: number; readonly parsed: number; readonly quarantined: number }
  /** Data files that are there and that nothing names: what a crash has left for the sweeper. */
  readonly orphans: readonly string[]
}

/** What may differ between two runs of one source: times, where the services listen, and the processes that did the work. */
export const VOLATILE: ReadonlySet<string> = new Set(['queuedAt', 'startedAt', 'endedAt', 'publishedMs', 'createdAt', 'services', 'workers'])

const withoutVolatile = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, inner: unknown) => (VOLATILE.has(key) ? undefined : inner))) as unknown

async function hashOf(pipeline: PipelineHost, ref: { container: string; name: string }): Promise<{ sha256: string; lines: number }> {
  const hash = createHash('sha256')
  let lines = 0
  for await (const chunk of pipeline.store.read(ref)) {
    hash.update(chunk)
    for (const byte of chunk) if (byte === 10) lines += 1
  }
  return { sha256: hash.digest('hex'), lines }
}

/** Reads back what a run has published, as any reader would. */
export async function stateOf(pipeline: PipelineHost, report: Report): Promise<RunState> {
  const { store } = pipeline
  const pointer = (await readDocument(store, places.latest(report.slug), Pointer))?.value
  if (!pointer) throw new Error(`nothing is published for ${report.slug}`)
  const data: Record<string, string> = {}
  const documents: Record<string, unknown> = { report: withoutVolatile(report), pointer: withoutVolatile(pointer) }
  const lines = { source: (await hashOf(pipeline, report.source)).lines, parsed: 0, quarantined: 0 }
  for (const ref of pointer.manifests) {
    const manifest = (await readDocument(store, ref, Manifest))?.value
    if (!manifest) throw new Error(`${ref.name} is not there`)
    documents[`${ref.container}/${ref.name}`] = withoutVolatile(manifest)
    for (const part of manifest.parts) {
      const found = await hashOf(pipeline, part)
      data[`${part.container}/${part.name}`] = found.sha256
      if (part.output === 'events') lines.parsed = found.lines
      if (part.output === 'quarantine') lines.quarantined = found.lines
    }
  }
  for await (const ref of store.list('pipeline', 'models/')) {
    const place = `${ref.container}/${ref.name}`
    if (ref.name === places.models.name) documents[place] = withoutVolatile(JSON.parse(await pipeline.text(ref)))
    else data[place] = (await hashOf(pipeline, ref)).sha256
  }
  return { status: report.status, data, documents, lines, orphans: await orphansBesides(pipeline, data, documents) }
}

async function orphansBesides({ store }: PipelineHost, data: object, documents: object): Promise<string[]> {
  const orphans: string[] = []
  for (const container of ['bronze', 'silver', 'gold']) {
    for await (const { name } of store.list(container, '_runs/')) {
      const place = `${container}/${name}`
      if (!(place in data) && !(place in documents)) orphans.push(place)
    }
  }
  return orphans
}

/** How a run's state differs from that of the clean run, one line a value; empty: it does not. */
export function differences({ orphans: _one, ...clean }: RunState, { orphans: _other, ...after }: RunState): string[] {
  const [was, is] = [leaves(clean), leaves(after)]
  return [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path)).map((path) => `${path}: ${was.get(path)} is now ${is.get(path)}`)
}

function leaves(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (inner.length === 0) found.set(path, JSON.stringify(value))
  for (const [key, child] of inner) leaves(child, `${path}/${key}`, found)
  return found
}
