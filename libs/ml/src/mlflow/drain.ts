import { setTimeout as delay } from 'node:timers/promises'
import { asLogpipeError, type ErrorCode, type LogpipeError, type ObjectStore, readDocument } from '@logpipe/core'
import { z } from 'zod'
import type { MlflowClient } from './client.ts'
import { OutboxEntry } from './documents.ts'
import { type Held, LeaseLost, readState, takeLease } from './lease.ts'
import { type Listed, listOutbox, updateEntry } from './outbox.ts'
import { track, VERSION_TAG } from './track.ts'

/** One entry's limit, its quick tries included; a holder that died is replaced after the lease. */
const ENTRY_MS = 60_000
export const LEASE_MS = ENTRY_MS + 30_000
const QUICK_TRIES = 3
const WAIT_MS = 200
/** A longer Retry-After ends the round. */
const LONGEST_QUICK_WAIT_MS = 5000
const PAUSE_MS = 60_000
const LONGEST_PAUSE_MS = 3_600_000
/** Refusals of one entry by MLflow before it is given up. */
export const MAX_REFUSALS = 8
const ALIAS = 'current'

/** About the server or its settings, and so about every entry. */
const SERVER: ReadonlySet<ErrorCode> = new Set(['MLFLOW_UNREACHABLE', 'MLFLOW_REFUSED', 'MLFLOW_SETTING_WRONG'] as const)

export interface DrainOptions {
  readonly now: () => number
  /** Ends the drain; what is left waits for the next one. */
  readonly signal: AbortSignal
  /** First wait of the quick tries, and between looks at another's lease; default 200. */
  readonly waitMs?: number
  /** The registry's current version, which MLflow's alias `current` is to follow. */
  readonly current?: { readonly name: string; readonly version: string } | null
}

export interface Drained {
  /** Run ids: what this drain brought to MLflow, what waits now, what was given up. */
  readonly tracked: readonly string[]
  readonly waiting: readonly string[]
  readonly givenUp: readonly string[]
  /** Why something is left: MLflow's last failure, or null. */
  readonly reason: string | null
}

/**
 * Brings the outbox to MLflow, oldest first, one drain at a time over all workers. An entry goes when MLflow has everything of it. One that
 * MLflow refuses is tried later and given up after MAX_REFUSALS; MLflow being down ends the round, pauses the next and counts against no
 * entry. Never throws for MLflow's failures; throws the store's.
 */
export async function drainOutbox(store: ObjectStore, client: MlflowClient, options: DrainOptions): Promise<Drained> {
  const tracked: string[] = []
  try {
    const held = await lease(store, options)
    if (held) {
      try {
        await drainHeld(store, client, held, options, tracked)
      } finally {
        await held.save({ leaseUntilMs: 0 })
      }
    }
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
  }
  const [left, { reason }] = await Promise.all([listOutbox(store), readState(store)])
  const runsOf = (state: Listed['state']): string[] => left.filter((entry) => entry.state === state).map(({ runId }) => runId)
  return { tracked, waiting: runsOf('waiting'), givenUp: runsOf('given_up'), reason }
}

const due = (entries: readonly Listed[], nowMs: number): Listed[] => entries.filter(({ state, dueMs }) => state === 'waiting' && dueMs <= nowMs)

/** An entry of a newer logpipe stays for a drain that knows it. */
function nullWhenUnreadable(error: unknown): null {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return null
  throw error
}

/** The lease as soon as another drain gives it back; null when there is nothing to do, or by then no more. */
async function lease(store: ObjectStore, { now, signal, current, waitMs = WAIT_MS }: DrainOptions): Promise<Held | null> {
  while (!signal.aborted) {
    const state = await readState(store)
    if (state.pausedUntilMs > now()) return null
    const aligned = !current || (state.current?.name === current.name && state.current.version === current.version)
    if (aligned && due(await listOutbox(store), now()).length === 0) return null
    const held = await takeLease(store, now(), now() + LEASE_MS)
    if (held) return held
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }
  return null
}

async function drainHeld(store: ObjectStore, client: MlflowClient, held: Held, options: DrainOptions, tracked: string[]): Promise<void> {
  const { now, signal, current } = options
  const seen = new Set<string>()
  for (;;) {
    // Again after each pass: others leave the draining of what they enqueue to the holder.
    const pass = due(await listOutbox(store), now()).filter(({ ref }) => !seen.has(ref.name))
    if (pass.length === 0) break
    for (const { ref } of pass) {
      if (signal.aborted) return
      seen.add(ref.name)
      await held.save({ leaseUntilMs: now() + LEASE_MS })
      const entry = await readDocument(store, ref, OutboxEntry).catch(nullWhenUnreadable)
      if (!entry) continue
      const error = await attempt(options, (limit) => track(client.api(limit), client.experiment, entry.value.tracking, store))
      if (error === null) {
        await store.remove(ref)
        tracked.push(entry.value.tracking.runId)
        await held.save({ pausedUntilMs: 0, reason: null })
        continue
      }
      // The drain's own end says nothing about MLflow.
      if (signal.aborted) return
      const server = SERVER.has(error.code)
      await updateEntry(store, ref, (before) => failed(before, error, server, now()))
      if (server) return pause(held, error, now())
    }
  }
  if (!current || signal.aborted || (held.state.current?.name === current.name && held.state.current.version === current.version)) return
  await held.save({ leaseUntilMs: now() + LEASE_MS })
  const error = await attempt(options, (limit) => align(client, limit, current, held))
  if (error && !signal.aborted) await pause(held, error, now())
}

/** MLflow's alias follows the registry, also back: whatever the order of entries was, it ends where the registry stands. */
async function align(client: MlflowClient, signal: AbortSignal, current: NonNullable<DrainOptions['current']>, held: Held): Promise<void> {
  const api = client.api(signal)
  const [found] = await api.findVersions(current.name, { [VERSION_TAG]: current.version })
  if (!found) return
  await api.setAlias(current.name, ALIAS, found.version)
  await held.save({ current: { ...current } })
}

/** A few quick tries, since a short fault should not cost a run its tracking until the next timer. Gives the last failure, null for success. */
async function attempt({ signal, waitMs = WAIT_MS }: DrainOptions, work: (limit: AbortSignal) => Promise<void>): Promise<LogpipeError | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ENTRY_MS)])
  for (let tries = 1; ; tries += 1) {
    try {
      await work(limit)
      return null
    } catch (thrown) {
      if (thrown instanceof LeaseLost) throw thrown
      const error = asLogpipeError(thrown, 'mlflow')
      const asked = error.fields['retryAfterMs']
      const wait = typeof asked === 'number' ? asked : waitMs * 2 ** (tries - 1) * (0.75 + Math.random() / 2)
      if (error.code !== 'MLFLOW_UNREACHABLE' || tries >= QUICK_TRIES || wait > LONGEST_QUICK_WAIT_MS || limit.aborted) return error
      await delay(wait, undefined, { signal: limit }).catch(() => undefined)
    }
  }
}

function failed(entry: OutboxEntry, error: LogpipeError, server: boolean, nowMs: number): OutboxEntry {
  const refusals = entry.refusals + (server ? 0 : 1)
  // Also when MLflow is down: should it be this entry that brings it down, the next round begins with another.
  const wait = Math.min(PAUSE_MS * 2 ** entry.tries, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4)
  return { ...entry, tries: entry.tries + 1, refusals, dueMs: Math.round(nowMs + wait), state: refusals >= MAX_REFUSALS ? 'given_up' : 'waiting', reason: error.message }
}

async function pause(held: Held, error: LogpipeError, nowMs: number): Promise<void> {
  const asked = error.fields['retryAfterMs']
  const wait = Math.min(Math.max(typeof asked === 'number' ? asked : 0, PAUSE_MS), LONGEST_PAUSE_MS)
  await held.save({ pausedUntilMs: Math.round(nowMs + wait), reason: error.message })
}
