import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'

/** Why a rollout cannot end well, as the cluster says it. */
export interface Finding {
  readonly kind: 'image' | 'crash' | 'schedule' | 'refused'
  readonly reason: string
  readonly message: string
  readonly pod: string | null
  /** Image that cannot be had. */
  readonly image: string | null
}

/** Waiting reasons that do not mend themselves; `ErrImagePull` alone is the first try. */
const IMAGE = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])
const CRASH = new Set(['CrashLoopBackOff', 'CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])

/** The ReplicaSet that the rollout is about; null until the controller has made it. */
export function newReplicaSet(deployment: V1Deployment, sets: readonly V1ReplicaSet[]): V1ReplicaSet | null {
  const revision = deployment.metadata?.annotations?.[REVISION]
  if (!isObserved(deployment) || revision === undefined) return null
  return sets.find(({ metadata }) => metadata?.annotations?.[REVISION] === revision && metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata?.uid)) ?? null
}
const REVISION = 'deployment.kubernetes.io/revision'
const isObserved = ({ metadata, status }: V1Deployment): boolean => (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0)

/** Whether the version that was asked for, and nothing older, serves in full. */
export function isReady(deployment: V1Deployment, set: V1ReplicaSet | null): boolean {
  const wanted = deployment.spec?.replicas ?? 1
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = deployment.status ?? {}
  return isObserved(deployment) && set !== null && updatedReplicas === wanted && availableReplicas === wanted && replicas === wanted && (set.status?.availableReplicas ?? 0) === wanted
}

/** The first thing that stands in the way for good; null while there is hope. */
export function findFault(set: V1ReplicaSet | null, pods: readonly V1Pod[]): Finding | null {
  const refused = set?.status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  if (refused) return { kind: 'refused', reason: refused.reason ?? 'ReplicaFailure', message: refused.message ?? '', pod: null, image: null }
  for (const pod of pods) {
    const found = podFault(pod)
    if (found) return found
  }
  return null
}

function podFault({ metadata, status }: V1Pod): Finding | null {
  const pod = metadata?.name ?? null
  for (const { state, image, lastState } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = state?.waiting?.reason ?? ''
    const message = state?.waiting?.message ?? lastState?.terminated?.message ?? ''
    if (IMAGE.has(reason)) return { kind: 'image', reason, message, pod, image: image || null }
    if (CRASH.has(reason)) return { kind: 'crash', reason, message, pod, image: null }
  }
  const unscheduled = status?.conditions?.find(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable')
  return unscheduled ? { kind: 'schedule', reason: 'FailedScheduling', message: unscheduled.message ?? '', pod, image: null } : null
}
