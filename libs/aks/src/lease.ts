import { setTimeout as delay } from 'node:timers/promises'
import { type V1Lease, type V1LeaseSpec, V1MicroTime } from '@kubernetes/client-node'
import { LogpipeError } from '@logpipe/core'
import { isStatus, orNull } from './api-error.ts'
import type { Cluster } from './cluster.ts'

export interface LeaseOptions {
  readonly namespace: string
  readonly holder: string
  /** How long a holder that says nothing is believed to live. */
  readonly seconds?: number
  /** How long one waits for it. */
  readonly waitMs?: number
  readonly signal?: AbortSignal
}

export const LEASE = 'logpipe-deploy'
const POLL_MS = 500

/**
 * Runs `work` while no other deploy of this cluster's namespace does. Who waits asks `settled` whenever the holder has changed, and takes its answer where it is
 * one: fifty need not hold the lease one after the other. @throws DEPLOY_BUSY when it is not free in time.
 */
export async function withLease<T>(cluster: Cluster, options: LeaseOptions, work: (signal: AbortSignal) => Promise<T>, settled: () => Promise<T | null> = () => Promise.resolve(null)): Promise<T> {
  const { seconds = 30, signal } = options
  const shared = await acquire(cluster, options, settled)
  if (shared !== null) return shared
  const lost = new AbortController()
  const renewal = setInterval(() => void renew(cluster, options).catch((error: unknown) => lost.abort(error)), (seconds * 1000) / 3)
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal)
  } finally {
    clearInterval(renewal)
    // What is not released runs out.
    await write(cluster, options, (lease) => (lease.spec?.holderIdentity === options.holder ? {} : null)).catch(() => undefined)
  }
}

async function acquire<T>(cluster: Cluster, options: LeaseOptions, settled: () => Promise<T | null>): Promise<T | null> {
  const { holder, seconds = 30, waitMs = 15 * 60_000, signal } = options
  const deadline = performance.now() + waitMs
  // A lease has run out when it did not change for its whole length by our own clock: clocks of machines differ.
  let seen = { version: '', at: 0 }
  for (;;) {
    signal?.throwIfAborted()
    const lease = await orNull(cluster.coordination.readNamespacedLease({ name: LEASE, namespace: options.namespace }))
    if (lease === null) await create(cluster, options)
    else if (lease.spec?.holderIdentity === holder) return null
    else {
      const version = lease.metadata?.resourceVersion ?? ''
      if (version !== seen.version) {
        seen = { version, at: performance.now() }
        const shared = await settled()
        if (shared !== null) return shared
      }
      const over = performance.now() - seen.at > (lease.spec?.leaseDurationSeconds ?? seconds) * 1000
      if (!lease.spec?.holderIdentity || over) await write(cluster, options, () => held(options), version)
      else if (performance.now() > deadline) throw new LogpipeError('DEPLOY_BUSY', { holder: lease.spec.holderIdentity, seconds: Math.round(waitMs / 1000) })
      else await delay(POLL_MS, undefined, { signal })
    }
  }
}

async function create(cluster: Cluster, options: LeaseOptions): Promise<void> {
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: LEASE }, spec: held(options) }
  await ignoringConflict(cluster.coordination.createNamespacedLease({ namespace: options.namespace, body }))
}

async function renew(cluster: Cluster, options: LeaseOptions): Promise<void> {
  await write(cluster, options, (lease) => {
    if (lease.spec?.holderIdentity !== options.holder) throw new LogpipeError('DEPLOY_BUSY', { holder: lease.spec?.holderIdentity ?? 'nobody', seconds: 0 })
    return held(options)
  })
}

/** Replaces the spec at one version only; another writer's change wins. */
async function write(cluster: Cluster, { namespace }: LeaseOptions, change: (lease: V1Lease) => V1LeaseSpec | null, version?: string): Promise<void> {
  const lease = await cluster.coordination.readNamespacedLease({ name: LEASE, namespace })
  if (version !== undefined && lease.metadata?.resourceVersion !== version) return
  const spec = change(lease)
  if (spec === null) return
  await ignoringConflict(cluster.coordination.replaceNamespacedLease({ name: LEASE, namespace, body: { ...lease, spec } }))
}

const held = ({ holder, seconds = 30 }: LeaseOptions): V1LeaseSpec => ({ holderIdentity: holder, leaseDurationSeconds: seconds, renewTime: new V1MicroTime() })

async function ignoringConflict(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isStatus(error, 409)) throw error
  }
}
