import { coded, orNull } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { type Inventory, readInventory } from './inventory.ts'
import { isServing } from './rollout.ts'

export interface DeploymentStatus {
  readonly name: string
  readonly images: readonly string[]
  readonly wanted: number
  readonly available: number
  /** It serves its newest version in full. */
  readonly serving: boolean
}

export interface ClusterStatus {
  readonly context: string
  readonly namespace: string
  /** Revision that serves; null before the first deployment. */
  readonly revision: { readonly number: number; readonly hash: string; readonly at: string } | null
  readonly failed: Inventory['failed']
  readonly deployments: readonly DeploymentStatus[]
}

/** What runs and what was deployed last. Reads only. */
export const readStatus = (cluster: Cluster, namespace: string): Promise<ClusterStatus> =>
  coded('the status', async () => {
    const { good, failed, objects } = await readInventory(cluster, namespace)
    const deployments: DeploymentStatus[] = []
    for (const { name } of objects.filter(({ kind }) => kind === 'Deployment')) {
      const found = await orNull(cluster.apps.readNamespacedDeployment({ name, namespace }))
      deployments.push({
        name,
        images: found?.spec?.template.spec?.containers.map(({ image }) => image ?? '') ?? [],
        wanted: found?.spec?.replicas ?? 0,
        available: found?.status?.availableReplicas ?? 0,
        serving: found !== null && (await isServing(cluster, namespace, name)),
      })
    }
    const [current] = good
    return { context: cluster.context, namespace, revision: current ? { number: current.number, hash: current.hash, at: current.at } : null, failed, deployments }
  })
