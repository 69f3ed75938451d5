import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { findFault, isReady, newReplicaSet } from './evidence.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const deployment = (status: V1Deployment['status'], generation = 2): V1Deployment => ({
  metadata: { name: 'api', uid: 'd', generation, annotations: { [REVISION]: '2' } },
  spec: { replicas: 2, selector: {}, template: {} },
  ...(status ? { status } : {}),
})
const set = (revision: string, availableReplicas: number): V1ReplicaSet => ({
  metadata: { name: `api-${revision}`, annotations: { [REVISION]: revision }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'd' }] },
  status: { replicas: 2, availableReplicas },
})
const FULL = { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2, replicas: 2 }
const waiting = (reason: string): V1Pod => ({ metadata: { name: 'api-1' }, status: { containerStatuses: [{ name: 'api', image: 'x', imageID: '', ready: false, restartCount: 0, state: { waiting: { reason } } }] } })

test('the new ReplicaSet is the one of the current revision', () => {
  expect(newReplicaSet(deployment(FULL), [set('1', 2), set('2', 0)])?.metadata?.name).toBe('api-2')
  expect(newReplicaSet(deployment({ ...FULL, observedGeneration: 1 }), [set('2', 2)])).toBeNull()
})

test.each([
  ['all available', FULL, 2, true],
  ['one updated only', { ...FULL, updatedReplicas: 1 }, 2, false],
  ['an old pod still there', { ...FULL, replicas: 3 }, 2, false],
  ['not observed', { ...FULL, observedGeneration: 1 }, 2, false],
  ['available pods are of the old set', FULL, 0, false],
])('ready: %s', (_name, status, available, ready) => {
  expect(isReady(deployment(status), set('2', available))).toBe(ready)
})

test.each([
  ['ImagePullBackOff', 'image'],
  ['InvalidImageName', 'image'],
  ['CrashLoopBackOff', 'crash'],
  ['CreateContainerConfigError', 'crash'],
])('%s is a fault', (reason, kind) => {
  expect(findFault(null, [waiting(reason)])).toMatchObject({ kind, reason, pod: 'api-1' })
})

test.each(['ContainerCreating', 'PodInitializing', 'ErrImagePull'])('%s is none yet', (reason) => {
  expect(findFault(null, [waiting(reason)])).toBeNull()
})

test('a refusal of pods and one that fits no node are faults', () => {
  const refused = { ...set('2', 0), status: { replicas: 0, conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }] } }
  expect(findFault(refused, [])).toMatchObject({ kind: 'refused', message: 'exceeded quota' })
  const homeless: V1Pod = { metadata: { name: 'p' }, status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] } }
  expect(findFault(null, [homeless])).toMatchObject({ kind: 'schedule', message: '0/1 nodes' })
})
