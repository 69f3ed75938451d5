import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { orNull } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { FIELD_MANAGER, type Kind, type Manifest, type ObjectRef } from './manifest.ts'

export interface ApplyOptions {
  /** The server does all but the writing. */
  readonly dryRun?: boolean
  /** Takes fields from their owners. */
  readonly force?: boolean
}

interface Named {
  readonly name: string
  readonly namespace: string
}
interface Patch extends Named {
  readonly body: Manifest
  readonly fieldManager: string
  readonly fieldValidation: string
  readonly force: boolean
  readonly dryRun?: string
}

interface Calls {
  patch(cluster: Cluster, patch: Patch): Promise<KubernetesObject>
  read(cluster: Cluster, named: Named): Promise<KubernetesObject>
  remove(cluster: Cluster, named: Named): Promise<unknown>
}

const apply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)

/**
 * The typed calls of each kind. The generic client (`KubernetesObjectApi`) would serialise by the type it knows and drop a misspelt field
 * before the server can refuse it; these pass the body as it is.
 */
const CALLS: Readonly<Record<Kind, Calls>> = {
  Namespace: {
    patch: ({ core }, patch) => core.patchNamespace(patch, apply),
    read: ({ core }, named) => core.readNamespace(named),
    remove: ({ core }, named) => core.deleteNamespace(named),
  },
  ServiceAccount: {
    patch: ({ core }, patch) => core.patchNamespacedServiceAccount(patch, apply),
    read: ({ core }, named) => core.readNamespacedServiceAccount(named),
    remove: ({ core }, named) => core.deleteNamespacedServiceAccount(named),
  },
  ConfigMap: {
    patch: ({ core }, patch) => core.patchNamespacedConfigMap(patch, apply),
    read: ({ core }, named) => core.readNamespacedConfigMap(named),
    remove: ({ core }, named) => core.deleteNamespacedConfigMap(named),
  },
  PersistentVolumeClaim: {
    patch: ({ core }, patch) => core.patchNamespacedPersistentVolumeClaim(patch, apply),
    read: ({ core }, named) => core.readNamespacedPersistentVolumeClaim(named),
    remove: ({ core }, named) => core.deleteNamespacedPersistentVolumeClaim(named),
  },
  NetworkPolicy: {
    patch: ({ networking }, patch) => networking.patchNamespacedNetworkPolicy(patch, apply),
    read: ({ networking }, named) => networking.readNamespacedNetworkPolicy(named),
    remove: ({ networking }, named) => networking.deleteNamespacedNetworkPolicy(named),
  },
  Service: {
    patch: ({ core }, patch) => core.patchNamespacedService(patch, apply),
    read: ({ core }, named) => core.readNamespacedService(named),
    remove: ({ core }, named) => core.deleteNamespacedService(named),
  },
  PodDisruptionBudget: {
    patch: ({ policy }, patch) => policy.patchNamespacedPodDisruptionBudget(patch, apply),
    read: ({ policy }, named) => policy.readNamespacedPodDisruptionBudget(named),
    remove: ({ policy }, named) => policy.deleteNamespacedPodDisruptionBudget(named),
  },
  Deployment: {
    patch: ({ apps }, patch) => apps.patchNamespacedDeployment(patch, apply),
    read: ({ apps }, named) => apps.readNamespacedDeployment(named),
    remove: ({ apps }, named) => apps.deleteNamespacedDeployment({ ...named, propagationPolicy: 'Foreground' }),
  },
}

/** Server-side apply as `logpipe`; the server refuses fields it does not know. */
export const applyObject = (cluster: Cluster, namespace: string, body: Manifest, { dryRun = false, force = false }: ApplyOptions = {}): Promise<KubernetesObject> =>
  CALLS[body.kind].patch(cluster, {
    name: body.metadata.name,
    namespace,
    body,
    fieldManager: FIELD_MANAGER,
    fieldValidation: 'Strict',
    force,
    ...(dryRun ? { dryRun: 'All' } : {}),
  })

export const readObject = (cluster: Cluster, namespace: string, { kind, name }: ObjectRef): Promise<KubernetesObject | null> =>
  orNull(CALLS[kind].read(cluster, { name, namespace }))

export async function removeObject(cluster: Cluster, namespace: string, { kind, name }: ObjectRef): Promise<void> {
  await orNull(CALLS[kind].remove(cluster, { name, namespace }))
}
