import { type ErrorCode, LogpipeError } from '@logpipe/core'
import { clusterError, coded } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { type Inventory, readInventory, type Revision, withGood, writeInventory } from './inventory.ts'
import { applyObject, readObject, removeObject } from './kinds.ts'
import { withLease } from './lease.ts'
import { hashOf, inOrder, type Manifest, nameOf, type ObjectRef, refOf } from './manifest.ts'
import { orphans } from './plan.ts'
import { isServing, waitForRollout } from './rollout.ts'

export interface DeployOptions {
  readonly namespace: string
  /** Names this process in the lease. */
  readonly holder: string
  readonly stableMs?: number
  readonly timeoutMs?: number
  /** A set that failed less than so long ago is not tried again: its failure is told. 0: it is. */
  readonly retryFailedAfterMs?: number
  /** Takes fields from other managers. */
  readonly force?: boolean
  readonly signal?: AbortSignal
  /** ms since the epoch. */
  readonly now?: () => number
}

export interface Deployed {
  /** `kept`: it serves already, nothing was written. */
  readonly outcome: 'kept' | 'deployed'
  readonly revision: number
  readonly hash: string
  readonly removed: readonly ObjectRef[]
}

/**
 * Brings the manifests to the cluster and waits until they serve. What serves already is only looked at; of many callers at once one writes and
 * the others share its result, also its failure. A failed rollout leaves the older version serving.
 * @throws IMAGE_MISSING, ROLLOUT_FAILED, FIELD_CONFLICT, MANIFEST_REFUSED, DEPLOY_BUSY and the cluster's own errors.
 */
export async function deploy(cluster: Cluster, manifests: readonly Manifest[], options: DeployOptions): Promise<Deployed> {
  const began = now(options)
  return coded('the deployment', async () => {
    const kept = await verify(cluster, manifests, options, began)
    if (kept) return kept
    await ensureNamespace(cluster, manifests, options.namespace)
    const settled = (): Promise<Deployed | null> => verify(cluster, manifests, options, began)
    return withLease(cluster, options, async (signal) => (await settled()) ?? write(cluster, manifests, { ...options, signal }), settled)
  })
}

/** Brings back the revision before the one that serves; after a failed deployment, the one that serves. @throws NO_EARLIER_REVISION. */
export async function rollback(cluster: Cluster, options: DeployOptions): Promise<Deployed> {
  return coded('the rollback', () =>
    withLease(cluster, options, async (signal) => {
      const { good, failed } = await readInventory(cluster, options.namespace)
      const target: Revision | undefined = failed ? good[0] : good[1]
      if (!target) throw new LogpipeError('NO_EARLIER_REVISION', { namespace: options.namespace })
      return write(cluster, target.manifests, { ...options, signal })
    }),
  )
}

const now = ({ now: clock = Date.now }: DeployOptions): number => clock()

/** Reads only. Null: something is to be done. */
async function verify(cluster: Cluster, manifests: readonly Manifest[], options: DeployOptions, began: number): Promise<Deployed | null> {
  const { namespace, retryFailedAfterMs = 0 } = options
  const hash = hashOf(manifests)
  const { good, failed } = await readInventory(cluster, namespace)
  // A failure that came while we waited is ours too.
  if (failed?.hash === hash && Date.parse(failed.at) > began - retryFailedAfterMs) throw new LogpipeError(failed.code as ErrorCode, failed.fields)
  const [current] = good
  if (failed || current?.hash !== hash) return null
  for (const manifest of manifests) {
    if ((await readObject(cluster, namespace, refOf(manifest))) === null) return null
    if (manifest.kind === 'Deployment' && !(await isServing(cluster, namespace, manifest.metadata.name))) return null
  }
  return { outcome: 'kept', revision: current.number, hash, removed: [] }
}

/** The lease lies in the namespace, so that comes first. */
async function ensureNamespace(cluster: Cluster, manifests: readonly Manifest[], namespace: string): Promise<void> {
  const own = manifests.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)
  if (own && (await readObject(cluster, namespace, refOf(own))) === null) await applyObject(cluster, namespace, own)
}

async function write(cluster: Cluster, manifests: readonly Manifest[], options: DeployOptions): Promise<Deployed> {
  const { namespace, signal } = options
  const hash = hashOf(manifests)
  const before = await readInventory(cluster, namespace)
  // Written first: what is applied and then forgotten by a crash could never be pruned.
  const known: Inventory = { ...before, objects: union(before.objects, manifests.map(refOf)) }
  await writeInventory(cluster, namespace, known)
  try {
    for (const manifest of inOrder(manifests)) {
      signal?.throwIfAborted()
      await coded(nameOf(refOf(manifest)), () => applyObject(cluster, namespace, manifest, options))
    }
    const deployments = manifests.filter(({ kind }) => kind === 'Deployment')
    await Promise.all(deployments.map(({ metadata }) => waitForRollout(cluster, metadata.name, { stableMs: 5000, timeoutMs: 600_000, ...options })))
  } catch (error) {
    if (!signal?.aborted) await remember(cluster, options, known, hash, clusterError(error, 'the deployment'))
    throw error
  }
  const removed = await orphans(cluster, namespace, manifests, known)
  for (const ref of removed) await coded(nameOf(ref), () => removeObject(cluster, namespace, ref))
  const at = new Date(now(options)).toISOString()
  const after = withGood({ ...known, objects: manifests.map(refOf) }, { hash, at, manifests: [...manifests] })
  await writeInventory(cluster, namespace, after)
  return { outcome: 'deployed', revision: after.good[0]?.number ?? 0, hash, removed }
}

const remember = (cluster: Cluster, options: DeployOptions, known: Inventory, hash: string, { code, fields }: LogpipeError): Promise<void> =>
  writeInventory(cluster, options.namespace, { ...known, failed: { hash, at: new Date(now(options)).toISOString(), code, fields: plain(fields) } })

const plain = (fields: Readonly<Record<string, unknown>>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'number' ? value : String(value).slice(0, 4000)]))

const union = (a: readonly ObjectRef[], b: readonly ObjectRef[]): ObjectRef[] => [...new Map([...a, ...b].map((ref) => [nameOf(ref), ref])).values()]

