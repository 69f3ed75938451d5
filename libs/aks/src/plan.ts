import type { KubernetesObject } from '@kubernetes/client-node'
import { isDeepStrictEqual } from 'node:util'
import { coded, isStatus } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import type { Inventory } from './inventory.ts'
import { applyObject, readObject } from './kinds.ts'
import { hashOf, inOrder, type Manifest, nameOf, type ObjectRef, OWNED, refOf } from './manifest.ts'

export interface PlanStep extends ObjectRef {
  readonly action: 'create' | 'update' | 'keep' | 'remove'
}

export interface Plan {
  readonly context: string
  readonly namespace: string
  readonly hash: string
  readonly steps: readonly PlanStep[]
}

/** What a deploy would do, asked of the server by dry runs: conflicts and refusals show here. Writes nothing. */
export async function makePlan(cluster: Cluster, namespace: string, manifests: readonly Manifest[], inventory: Inventory): Promise<Plan> {
  const steps: PlanStep[] = []
  for (const manifest of inOrder(manifests)) steps.push({ ...refOf(manifest), action: await actionFor(cluster, namespace, manifest) })
  for (const ref of await orphans(cluster, namespace, manifests, inventory)) steps.push({ ...ref, action: 'remove' })
  return { context: cluster.context, namespace, hash: hashOf(manifests), steps }
}

function actionFor(cluster: Cluster, namespace: string, manifest: Manifest): Promise<PlanStep['action']> {
  const ref = refOf(manifest)
  return coded(nameOf(ref), async () => {
    const live = await readObject(cluster, namespace, ref)
    try {
      const after = await applyObject(cluster, namespace, manifest, { dryRun: true })
      if (live === null) return 'create'
      return isDeepStrictEqual(essence(live), essence(after)) ? 'keep' : 'update'
    } catch (error) {
      // In a namespace that is yet to be made nothing can be tried.
      if (live === null && isStatus(error, 404)) return 'create'
      throw error
    }
  })
}

/** Without what each write changes. */
function essence(object: KubernetesObject): unknown {
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...metadata } = object.metadata ?? {}
  return { ...object, metadata }
}

/** What we applied once, do not want any more, and still bears our label. */
export async function orphans(cluster: Cluster, namespace: string, manifests: readonly Manifest[], { objects }: Inventory): Promise<ObjectRef[]> {
  const wanted = new Set(manifests.map((manifest) => nameOf(refOf(manifest))))
  const found: ObjectRef[] = []
  for (const ref of objects.filter((object) => !wanted.has(nameOf(object))).reverse()) {
    const live = await readObject(cluster, namespace, ref)
    if (Object.entries(OWNED).every(([label, value]) => live?.metadata?.labels?.[label] === value)) found.push(ref)
  }
  return found
}
