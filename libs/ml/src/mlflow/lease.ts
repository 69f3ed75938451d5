import { type ObjectStore, places, readDocument, toJsonBytes } from '@logpipe/core'
import { OutboxState } from './documents.ts'

/** Another drain has the lease, since this one took longer than it may. */
export class LeaseLost extends Error {}

/** The shared state, held: nobody else writes it, or the next `save` throws LeaseLost. */
export interface Held {
  readonly state: OutboxState
  save(change: Partial<OutboxState>): Promise<void>
}

const EMPTY: OutboxState = { schema: 'logpipe/mlflow-outbox-state/1', leaseUntilMs: 0, pausedUntilMs: 0, reason: null, current: null }

export const readState = async (store: ObjectStore): Promise<OutboxState> => (await readDocument(store, places.mlflowState, OutboxState))?.value ?? EMPTY

/** Takes the lease by If-Match; null while another holds it. The ETag is the proof of holding. */
export async function takeLease(store: ObjectStore, nowMs: number, untilMs: number): Promise<Held | null> {
  const found = await readDocument(store, places.mlflowState, OutboxState)
  if (found && found.value.leaseUntilMs > nowMs) return null
  let state = { ...(found?.value ?? EMPTY), leaseUntilMs: untilMs }
  const taken = found ? await store.replace(places.mlflowState, toJsonBytes(state), found.etag) : await store.create(places.mlflowState, toJsonBytes(state))
  if (taken.outcome === 'conflict' || taken.outcome === 'exists') return null
  let { etag } = taken
  return {
    get state() {
      return state
    },
    async save(change) {
      state = { ...state, ...change }
      const saved = await store.replace(places.mlflowState, toJsonBytes(state), etag)
      if (saved.outcome === 'conflict') throw new LeaseLost()
      etag = saved.etag
    },
  }
}
