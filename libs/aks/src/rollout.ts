import { setTimeout as delay } from 'node:timers/promises'
import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import { LogpipeError } from '@logpipe/core'
import type { Cluster } from './cluster.ts'
import { type Finding, findFault, isReady, newReplicaSet } from './evidence.ts'

export interface RolloutOptions {
  readonly namespace: string
  /** A Deployment is believed after it was ready for so long without a break. */
  readonly stableMs: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

const POLL_MS = 250

/** Waits until the Deployment's newest version serves and keeps serving. @throws IMAGE_MISSING, ROLLOUT_FAILED with the cluster's own words. */
export async function waitForRollout(cluster: Cluster, name: string, { namespace, stableMs, timeoutMs, signal }: RolloutOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let readySince: number | null = null
  for (;;) {
    signal?.throwIfAborted()
    const { deployment, set, pods } = await look(cluster, namespace, name)
    const fault = findFault(set, pods)
    if (fault && !(fault.kind === 'schedule' && (await isScalingUp(cluster, namespace, fault)))) throw await failure(cluster, namespace, name, fault)
    const now = performance.now()
    readySince = isReady(deployment, set) ? (readySince ?? now) : null
    if (readySince !== null && now - readySince >= stableMs) return
    if (now > deadline) throw new LogpipeError('ROLLOUT_FAILED', { deployment: name, detail: `it is not ready after ${Math.round(timeoutMs / 1000)} s (${words(deployment)})` })
    await delay(POLL_MS, undefined, { signal })
  }
}

/** Whether it serves its newest version now, in one look. */
export async function isServing(cluster: Cluster, namespace: string, name: string): Promise<boolean> {
  const { deployment, set } = await look(cluster, namespace, name)
  return isReady(deployment, set)
}

interface Sight {
  readonly deployment: V1Deployment
  readonly set: V1ReplicaSet | null
  readonly pods: readonly V1Pod[]
}

async function look({ apps, core }: Cluster, namespace: string, name: string): Promise<Sight> {
  const deployment = await apps.readNamespacedDeployment({ name, namespace })
  const labelSelector = Object.entries(deployment.spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`).join(',')
  const [sets, pods] = await Promise.all([apps.listNamespacedReplicaSet({ namespace, labelSelector }), core.listNamespacedPod({ namespace, labelSelector })])
  const set = newReplicaSet(deployment, sets.items)
  return { deployment, set, pods: pods.items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === set?.metadata?.uid)) }
}

const words = ({ spec, status }: V1Deployment): string =>
  `${status?.updatedReplicas ?? 0} updated, ${status?.availableReplicas ?? 0} available, ${spec?.replicas ?? 1} wanted`

/** The cluster autoscaler says so on the pod when it is getting it a node. */
const isScalingUp = async (cluster: Cluster, namespace: string, { pod }: Finding): Promise<boolean> =>
  (await eventsOf(cluster, namespace, pod)).some(({ reason }) => reason === 'TriggeredScaleUp')

const eventsOf = async ({ core }: Cluster, namespace: string, pod: string | null) =>
  pod === null ? [] : (await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${pod}` })).items

async function failure(cluster: Cluster, namespace: string, deployment: string, fault: Finding): Promise<LogpipeError> {
  const events = (await eventsOf(cluster, namespace, fault.pod)).filter(({ type }) => type === 'Warning').slice(-3)
  const log = fault.kind === 'crash' && fault.pod !== null ? await logTail(cluster, namespace, fault.pod) : ''
  const said = [`${fault.reason}: ${fault.message}`, ...events.map(({ reason, message }) => `event ${reason ?? ''}: ${message ?? ''}`), ...(log === '' ? [] : [`log: ${log}`])]
  const detail = `${fault.pod === null ? '' : `pod ${fault.pod}: `}${said.join('; ')}`
  return fault.kind === 'image'
    ? new LogpipeError('IMAGE_MISSING', { deployment, image: fault.image ?? 'the image', detail })
    : new LogpipeError('ROLLOUT_FAILED', { deployment, detail })
}

/** Of the container that ended; there may be none. */
const logTail = async ({ core }: Cluster, namespace: string, name: string): Promise<string> =>
  core.readNamespacedPodLog({ name, namespace, previous: true, tailLines: 10, limitBytes: 4096 }).then(
    (text) => text.trim(),
    () => '',
  )
