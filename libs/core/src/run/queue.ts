import { z } from 'zod'
import type { ObjectStore } from '../ports.ts'
import type { RunRecord } from './documents.ts'
import { updateDocument } from './json-blob.ts'
import { places } from './places.ts'

/** A run that waits for its turn, or has it. */
const Place = z.object({
  runId: z.string(),
  /** What runs are dealt out fairly between: a stream, or a folder of bronze. */
  group: z.string(),
})
const Turns = z.object({ schema: z.literal('logpipe/turns/1'), running: z.array(Place) })
type Place = z.infer<typeof Place>
export interface Waiting extends Place {
  readonly queuedMs: number
}

const groupOf = ({ source, params }: RunRecord): string => params.stream ?? source.name.slice(0, source.name.lastIndexOf('/') + 1)

/** Puts a run in the queue; it is there once however often this is called. */
export async function enqueue(store: ObjectStore, record: RunRecord): Promise<void> {
  const metadata = { queued_ms: String(Date.parse(record.queuedAt)), group: encodeURIComponent(groupOf(record)) }
  await store.create(places.queued(record.runId), new Uint8Array(), metadata)
}

export const dequeue = (store: ObjectStore, runId: string): Promise<void> => store.remove(places.queued(runId))

export async function waitingRuns(store: ObjectStore): Promise<Waiting[]> {
  const waiting: Waiting[] = []
  for await (const { name, metadata } of store.list('pipeline', places.queuePrefix)) {
    waiting.push({ runId: name.slice(places.queuePrefix.length), group: decodeURIComponent(metadata['group'] ?? ''), queuedMs: Number(metadata['queued_ms'] ?? 0) })
  }
  return waiting
}

/**
 * Who comes next: a run of the group that has the fewest running, of those the one that waits longest. One sender's thousand files do not
 * keep another's single file waiting. Null when all turns are taken or nobody waits.
 */
export function nextRun(waiting: readonly Waiting[], running: readonly Place[], turns: number): Place | null {
  if (running.length >= turns) return null
  const taken = new Set(running.map(({ runId }) => runId))
  const busy = new Map<string, number>()
  for (const { group } of running) busy.set(group, (busy.get(group) ?? 0) + 1)
  const order = (a: Waiting, b: Waiting): number => (busy.get(a.group) ?? 0) - (busy.get(b.group) ?? 0) || a.queuedMs - b.queuedMs || (a.runId < b.runId ? -1 : 1)
  const [first] = waiting.filter(({ runId }) => !taken.has(runId)).sort(order)
  return first ? { runId: first.runId, group: first.group } : null
}

/** Gives the next run its turn by one conditional write. Returns who has turns at the end, and who got one now. */
export async function takeTurn(store: ObjectStore, waiting: readonly Waiting[], turns: number): Promise<{ running: readonly Place[]; taken: string | null }> {
  let taken: string | null = null
  const document = await updateDocument(store, places.turns, Turns, (current): z.infer<typeof Turns> | null => {
    const running = current?.running ?? []
    const next = nextRun(waiting, running, turns)
    taken = next?.runId ?? null
    return next && { schema: 'logpipe/turns/1', running: [...running, next] }
  })
  return { running: document?.running ?? [], taken }
}

/** Frees the turns of runs that have ended. */
export async function giveBackTurns(store: ObjectStore, ended: (runId: string) => boolean): Promise<void> {
  await updateDocument(store, places.turns, Turns, (current): z.infer<typeof Turns> | null => {
    const running = current?.running.filter(({ runId }) => !ended(runId)) ?? []
    return current && running.length < current.running.length ? { ...current, running } : null
  })
}
