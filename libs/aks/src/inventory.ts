import { z } from 'zod'
import { orNull } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { FIELD_MANAGER, KIND_ORDER, type Manifest, OWNED } from './manifest.ts'

const Ref = z.object({ kind: z.enum(KIND_ORDER), name: z.string() })
const Revision = z.object({ number: z.int(), hash: z.string(), at: z.string(), manifests: z.array(z.custom<Manifest>()) })
const Inventory = z.object({
  /** What serves, last first; the second is what a rollback brings back. */
  good: z.array(Revision),
  /** All that was ever applied and not yet pruned. */
  objects: z.array(Ref),
  /** The last deployment, when it failed. */
  failed: z.object({ hash: z.string(), at: z.string(), code: z.string(), fields: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
})
export type Inventory = z.infer<typeof Inventory>
export type Revision = z.infer<typeof Revision>

export const EMPTY: Inventory = { good: [], objects: [], failed: null }
/** Revisions kept for rollback. */
export const KEPT = 5
const NAME = 'logpipe-inventory'

/** What we know to have deployed; empty where nothing was. */
export async function readInventory(cluster: Cluster, namespace: string): Promise<Inventory> {
  const found = await orNull(cluster.core.readNamespacedConfigMap({ name: NAME, namespace }))
  return found?.data?.['inventory'] === undefined ? EMPTY : Inventory.parse(JSON.parse(found.data['inventory']))
}

/** Written under the lease only. */
export async function writeInventory(cluster: Cluster, namespace: string, inventory: Inventory): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, labels: { ...OWNED } }, data: { inventory: JSON.stringify(inventory) } }
  const there = await orNull(cluster.core.readNamespacedConfigMap({ name: NAME, namespace }))
  if (there === null) await cluster.core.createNamespacedConfigMap({ namespace, body, fieldManager: FIELD_MANAGER })
  else await cluster.core.replaceNamespacedConfigMap({ name: NAME, namespace, body, fieldManager: FIELD_MANAGER })
}

/** The inventory after `manifests` were found serving. */
export function withGood(inventory: Inventory, revision: Omit<Revision, 'number'>): Inventory {
  const number = (inventory.good[0]?.number ?? 0) + 1
  return { ...inventory, failed: null, good: [{ number, ...revision }, ...inventory.good].slice(0, KEPT) }
}
