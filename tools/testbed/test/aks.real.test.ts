import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cluster, connectCluster, createAksServices, deploy, type DeployOptions, forwardPort, loadManifests, makePlan, type Manifest, readInventory, readStatus, rollback } from '@logpipe/aks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAzureStub, type AzureStub } from '../src/azure/index.ts'
import { CLUSTER_CONTEXT, startCluster, type TestCluster } from '../src/cluster/index.ts'

// libs/aks against a real control plane: kube-apiserver, controller manager, scheduler, etcd; kwok's node runs no containers, so what pods come to is by
// their label `fate`, and port-forwards end at a server of this test. The cluster is found through ARM's stub, by the real SDKs.
const DIGEST = `sha256:${'a'.repeat(64)}`
let dir: string
let control: TestCluster
let azure: AzureStub
let cluster: Cluster
let api: { readonly port: number; served: string; close(): Promise<void> }
let count = 0

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-aks-'))
  api = await fakeApi()
  control = await startCluster({ dir, forwardTo: api.port })
  azure = await startAzureStub({ certificate: control.certificate, kubeconfigs: { 'rg-logs/aks-logs': control.kubeconfig } })
  cluster = await connect()
}, 90 * 60_000)
afterAll(async () => {
  await azure.stop()
  await control.stop()
  await api.close()
  await rm(dir, { recursive: true, force: true })
})

interface Where {
  readonly group?: string
  readonly secret?: string
  readonly context?: string
}
const connect = ({ group = 'rg-logs', secret, context }: Where = {}): Promise<Cluster> =>
  connectCluster(
    { subscription: azure.subscription, resourceGroup: group, cluster: 'aks-logs', context },
    { credential: azure.credential(secret), arm: { endpoint: azure.endpoint, ca: control.certificate.cert } },
  )

/** What answers behind a port-forward: the API's one route that the stage asks. */
async function fakeApi(): Promise<typeof api> {
  const state = { served: 'run-1' }
  const server = createServer((request, response) => {
    const known = request.headers['x-api-key'] === 'key' && request.url === '/api/sources/auth.log-1/latest'
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { runId: state.served } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return Object.assign(state, { port, close })
}

interface Shape {
  readonly fate?: string
  readonly version?: string
  readonly replicas?: number
  readonly container?: object
  readonly deployment?: object
}
const CONFINED = { allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } }

/** A namespace of its own with a restricted policy, one ConfigMap and one Deployment: the smallest set that shows each behaviour. */
function place(): { readonly options: DeployOptions; readonly set: (shape?: Shape) => Manifest[] } {
  const namespace = `t${++count}`
  const label = { 'app.kubernetes.io/managed-by': 'logpipe' }
  const set = ({ fate, version = '1', replicas = 1, container = {}, deployment = {} }: Shape = {}): Manifest[] => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { ...label, 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', labels: label }, data: { version } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: label },
      spec: {
        replicas,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web', ...(fate ? { fate } : {}) } },
          spec: { containers: [{ name: 'web', image: `example.azurecr.io/web@${DIGEST}`, env: [{ name: 'VERSION', value: version }], resources: { limits: { cpu: '100m', memory: '64Mi' } }, securityContext: CONFINED, ...container }] },
        },
        ...deployment,
      },
    },
  ]
  return { options: { namespace, holder: 'test', stableMs: 500, timeoutMs: 60_000 }, set }
}

const versionOf = async (namespace: string, name: string, kind: 'Deployment' | 'ConfigMap'): Promise<string | undefined> =>
  (kind === 'Deployment' ? await cluster.apps.readNamespacedDeployment({ namespace, name }) : await cluster.core.readNamespacedConfigMap({ namespace, name })).metadata?.resourceVersion

/** Versions of pods that are ready now. */
const serving = async (namespace: string): Promise<(string | undefined)[]> =>
  (await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=web' })).items
    .filter(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
    .map(({ spec }) => spec?.containers[0]?.env?.[0]?.value)

test('the first deployment serves; the next one of the same writes nothing', async () => {
  const { options, set } = place()
  const { namespace } = options
  expect(await deploy(cluster, set({ replicas: 2 }), options)).toMatchObject({ outcome: 'deployed', revision: 1 })
  expect(await serving(namespace)).toEqual(['1', '1'])
  const before = await Promise.all([versionOf(namespace, 'web', 'Deployment'), versionOf(namespace, 'settings', 'ConfigMap'), versionOf(namespace, 'logpipe-inventory', 'ConfigMap')])
  expect(await deploy(cluster, set({ replicas: 2 }), options)).toMatchObject({ outcome: 'kept', revision: 1 })
  expect(await Promise.all([versionOf(namespace, 'web', 'Deployment'), versionOf(namespace, 'settings', 'ConfigMap'), versionOf(namespace, 'logpipe-inventory', 'ConfigMap')])).toEqual(before)
})

test('what somebody removed is put back', async () => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  await cluster.core.deleteNamespacedConfigMap({ namespace: options.namespace, name: 'settings' })
  expect(await deploy(cluster, set(), options)).toMatchObject({ outcome: 'deployed' })
  expect(await versionOf(options.namespace, 'settings', 'ConfigMap')).toBeDefined()
})

test('the plan says what would be done and does nothing; an update does it', async () => {
  const { options, set } = place()
  const plan = async (manifests: Manifest[]) => (await makePlan(cluster, options.namespace, manifests, await readInventory(cluster, options.namespace))).steps.map(({ kind, action }) => `${action} ${kind}`)
  expect(await plan(set())).toEqual(['create Namespace', 'create ConfigMap', 'create Deployment'])
  await deploy(cluster, set(), options)
  expect(await plan(set())).toEqual(['keep Namespace', 'keep ConfigMap', 'keep Deployment'])
  const next = set({ version: '2' })
  expect(await plan([next[0]!, next[2]!])).toEqual(['keep Namespace', 'update Deployment', 'remove ConfigMap'])
  expect(await serving(options.namespace)).toEqual(['1'])
  expect(await deploy(cluster, next, options)).toMatchObject({ outcome: 'deployed', revision: 2 })
  expect(await serving(options.namespace)).toEqual(['2'])
})

test.each([
  ['an image that cannot be pulled', { fate: 'image-missing' }, 'IMAGE_MISSING', /ImagePullBackOff: Back-off pulling image.*event Failed: Failed to pull image/],
  ['a container that crashes', { fate: 'crash' }, 'ROLLOUT_FAILED', /CrashLoopBackOff: back-off 40s/],
  ['a pod that fits no node', { container: { resources: { requests: { cpu: '500' }, limits: { cpu: '500', memory: '64Mi' } } } }, 'ROLLOUT_FAILED', /FailedScheduling: 0\/1 nodes are available/],
  ['pods that the restricted policy refuses', { container: { securityContext: {} } }, 'ROLLOUT_FAILED', /FailedCreate: .*violates PodSecurity "restricted/],
])('%s: reported with its evidence, the version before serves on', async (_what, shape, code, evidence) => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  const failing = set({ version: '2', ...shape })
  const failure = deploy(cluster, failing, options)
  await expect(failure).rejects.toMatchObject({ code, fields: { detail: expect.stringMatching(evidence) as string } })
  expect(await serving(options.namespace)).toEqual(['1'])
  expect(await readStatus(cluster, options.namespace)).toMatchObject({ revision: { number: 1 }, failed: { code }, deployments: [{ name: 'web', available: 1, serving: false }] })
  // A run that comes next is told the same without a second try; going back makes it whole.
  const at = await versionOf(options.namespace, 'web', 'Deployment')
  await expect(deploy(cluster, failing, { ...options, retryFailedAfterMs: 60_000 })).rejects.toMatchObject({ code })
  expect(await versionOf(options.namespace, 'web', 'Deployment')).toBe(at)
  expect(await rollback(cluster, options)).toMatchObject({ outcome: 'deployed', revision: 2 })
  expect(await serving(options.namespace)).toEqual(['1'])
})

test('a quota that is used up is told', async () => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  await cluster.core.createNamespacedResourceQuota({ namespace: options.namespace, body: { metadata: { name: 'few' }, spec: { hard: { pods: '1' } } } })
  await expect.poll(async () => (await cluster.core.readNamespacedResourceQuota({ namespace: options.namespace, name: 'few' })).status?.used?.['pods'], { timeout: 20_000 }).toBe('1')
  await expect(deploy(cluster, set({ version: '2' }), options)).rejects.toMatchObject({ code: 'ROLLOUT_FAILED', fields: { detail: expect.stringContaining('exceeded quota: few') as string } })
  expect(await serving(options.namespace)).toEqual(['1'])
})

test("a field of another manager's is not taken, unless asked", async () => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  const scaled = [{ op: 'replace', path: '/spec/replicas', value: 3 }]
  await cluster.apps.patchNamespacedDeployment({ namespace: options.namespace, name: 'web', body: scaled, fieldManager: 'scaler' })
  const conflict = { code: 'FIELD_CONFLICT', fields: { object: 'Deployment/web', fields: expect.stringMatching(/\.spec\.replicas.*"scaler"/) as string } }
  await expect(makePlan(cluster, options.namespace, set({ version: '2' }), await readInventory(cluster, options.namespace))).rejects.toMatchObject(conflict)
  await expect(deploy(cluster, set({ version: '2' }), options)).rejects.toMatchObject(conflict)
  expect((await cluster.apps.readNamespacedDeployment({ namespace: options.namespace, name: 'web' })).spec?.replicas).toBe(3)
  await deploy(cluster, set({ version: '2' }), { ...options, force: true })
  expect((await cluster.apps.readNamespacedDeployment({ namespace: options.namespace, name: 'web' })).spec?.replicas).toBe(1)
})

test('what is not wanted any more goes, and nothing else', async () => {
  const { options, set } = place()
  const [own, settings, web] = set() as [Manifest, Manifest, Manifest]
  await deploy(cluster, [own, settings, { ...settings, metadata: { ...settings.metadata, name: 'taken' } }, web], options)
  await cluster.core.createNamespacedConfigMap({ namespace: options.namespace, body: { metadata: { name: 'foreign' } } })
  const unlabelled = [{ op: 'remove', path: '/metadata/labels' }]
  await cluster.core.patchNamespacedConfigMap({ namespace: options.namespace, name: 'taken', body: unlabelled })
  expect(await deploy(cluster, [own, web], options)).toMatchObject({ removed: [{ kind: 'ConfigMap', name: 'settings' }] })
  const left = (await cluster.core.listNamespacedConfigMap({ namespace: options.namespace })).items.map(({ metadata }) => metadata?.name)
  expect(left).toEqual(expect.arrayContaining(['foreign', 'taken', 'logpipe-inventory']))
  expect(left).not.toContain('settings')
})

test('a rollback brings back what was there, and says when nothing was', async () => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  await expect(rollback(cluster, options)).rejects.toMatchObject({ code: 'NO_EARLIER_REVISION' })
  await deploy(cluster, set({ version: '2' }), options)
  expect(await rollback(cluster, options)).toMatchObject({ outcome: 'deployed', revision: 3 })
  expect(await serving(options.namespace)).toEqual(['1'])
})

test('a misspelt field is refused by name', async () => {
  const { options, set } = place()
  await expect(deploy(cluster, set({ deployment: { replcas: 2 } }), options)).rejects.toMatchObject({ code: 'MANIFEST_REFUSED', fields: { object: 'Deployment/web', detail: expect.stringContaining('replcas') as string } })
})

test('fifty at once are one deployment, and one failure', async () => {
  const { options, set } = place()
  const all = (manifests: Manifest[]) => Promise.allSettled(Array.from({ length: 50 }, (_, index) => deploy(cluster, manifests, { ...options, holder: `run-${index}` })))
  const outcomes = (await all(set())).map((result) => (result.status === 'fulfilled' ? result.value.outcome : String(result.reason)))
  expect(outcomes.filter((outcome) => outcome === 'deployed')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(49)
  const failed = (await all(set({ version: '2', fate: 'crash' }))).map((result) => (result.status === 'rejected' ? (result.reason as { code?: string }).code : 'deployed'))
  expect(new Set(failed)).toEqual(new Set(['ROLLOUT_FAILED']))
  const [revisions, inventory] = [(await cluster.apps.listNamespacedReplicaSet({ namespace: options.namespace })).items, await readInventory(cluster, options.namespace)]
  expect([revisions.length, inventory.good.length]).toEqual([2, 1])
}, 180_000)

test('a lease whose holder died runs out', async () => {
  const { options, set } = place()
  await deploy(cluster, set(), options)
  const lease = await cluster.coordination.readNamespacedLease({ namespace: options.namespace, name: 'logpipe-deploy' })
  await cluster.coordination.replaceNamespacedLease({ namespace: options.namespace, name: 'logpipe-deploy', body: { ...lease, spec: { holderIdentity: 'dead', leaseDurationSeconds: 2 } } })
  expect(await deploy(cluster, set({ version: '2' }), options)).toMatchObject({ outcome: 'deployed' })
})

test.each(['dev', 'prod'])('deploy/aks: %s comes up under the restricted policy', async (overlay) => {
  const { options } = place()
  const image = (name: string): string => `example.azurecr.io/${name}@${DIGEST}`
  const deployAks = fileURLToPath(new URL('../../../deploy/aks', import.meta.url))
  const manifests = await loadManifests(deployAks, overlay, { namespace: options.namespace, images: { api: image('api'), mlflow: image('mlflow') }, clientId: 'id', settings: {} })
  // No provisioner of disks runs here.
  await cluster.core.createPersistentVolume({ body: { metadata: { name: options.namespace }, spec: { capacity: { storage: '8Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/none' } } } })
  expect(await deploy(cluster, manifests, options)).toMatchObject({ outcome: 'deployed', revision: 1 })
  expect(await readStatus(cluster, options.namespace)).toMatchObject({ deployments: [{ name: 'api', serving: true }, { name: 'mlflow', serving: true }] })

  // The stage: verifies, and asks the API behind a real port-forward.
  const services = createAksServices({ ...options, connect: () => Promise.resolve(cluster), manifests: () => Promise.resolve(manifests), apiKey: 'key' })
  const signal = AbortSignal.timeout(60_000)
  expect(await services.ensure({ runId: 'run-1', slug: 'auth.log-1' }, signal)).toEqual([{ name: 'API', url: null, state: 'serving', detail: 'serves run-1' }])
  const broken = manifests.map((manifest) => (manifest.metadata.name === 'api' && manifest.kind === 'Deployment' ? withFate(manifest, 'image-missing') : manifest))
  const degraded = createAksServices({ ...options, connect: () => Promise.resolve(cluster), manifests: () => Promise.resolve(broken), apiKey: 'key' })
  expect(await degraded.ensure({ runId: 'run-1', slug: 'auth.log-1' }, signal)).toMatchObject([
    { name: 'API', state: 'failed', detail: expect.stringMatching(/^IMAGE_MISSING: .*; the version before serves run-1$/s) as string },
  ])
  const forward = await forwardPort(cluster, options.namespace, 'api', 8080)
  const answer = await fetch(`${forward.url}/api/sources/auth.log-1/latest`, { headers: { 'x-api-key': 'key' } })
  expect(await answer.json()).toEqual({ data: { runId: 'run-1' } })
  await forward.close()
}, 120_000)

function withFate(manifest: Manifest, fate: string): Manifest {
  const changed = structuredClone(manifest) as Manifest & { spec: { template: { metadata: { labels: Record<string, string> } } } }
  changed.spec.template.metadata.labels['fate'] = fate
  return changed
}

test('bad places are coded errors', async () => {
  await expect(connect({ context: 'other' })).rejects.toMatchObject({ code: 'CLUSTER_CONTEXT_UNKNOWN', fields: { found: CLUSTER_CONTEXT } })
  await expect(connect({ group: 'rg-other' })).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' })
  await expect(connect({ secret: 'wrong' })).rejects.toMatchObject({ code: 'CLUSTER_LOGIN_REFUSED' })
  const expired = await connect()
  expired.config.users = [{ name: 'admin', token: 'expired' }]
  await expect(readStatus(expired, 'default')).rejects.toMatchObject({ code: 'CLUSTER_LOGIN_REFUSED' })
  expect(azure.calls.at(-1)).toMatch(/^POST .*listClusterUserCredential$/)
})
