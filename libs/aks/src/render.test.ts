import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, type Manifest } from './manifest.ts'
import { loadManifests, render, type RenderValues } from './render.ts'

const DIR = fileURLToPath(new URL('../../../deploy/aks', import.meta.url))
const digest = (name: string): string => `example.azurecr.io/${name}@sha256:${'a'.repeat(64)}`
const VALUES: RenderValues = { namespace: 'logpipe', images: { api: digest('api'), mlflow: digest('mlflow') }, clientId: '', settings: {} }

interface Workload {
  readonly spec: {
    readonly replicas: number
    readonly strategy: { readonly type: string }
    readonly template: {
      readonly spec: {
        readonly automountServiceAccountToken: boolean
        readonly volumes: readonly unknown[]
        readonly containers: readonly { readonly image: string; readonly resources: { readonly limits: unknown }; readonly readinessProbe: unknown; readonly securityContext: unknown; readonly env: readonly { readonly name: string }[] }[]
      }
    }
  }
}
const find = (manifests: readonly Manifest[], kind: string, name: string): unknown => manifests.find((object) => object.kind === kind && object.metadata.name === name)
const workload = (manifests: readonly Manifest[], name: string): Workload => find(manifests, 'Deployment', name) as Workload

test.each(['dev', 'prod'])('%s: every container is named by digest, limited, probed and confined', async (overlay) => {
  const manifests = await loadManifests(DIR, overlay, VALUES)
  for (const { spec } of manifests.filter(({ kind }) => kind === 'Deployment') as unknown as Workload[]) {
    expect(spec.template.spec.automountServiceAccountToken).toBe(false)
    for (const container of spec.template.spec.containers) {
      expect(container).toMatchObject({
        image: expect.stringMatching(/@sha256:/) as string,
        resources: { limits: { cpu: expect.anything() as unknown, memory: expect.anything() as unknown } },
        readinessProbe: { httpGet: {} },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      })
    }
  }
  expect(manifests.every(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] === 'logpipe')).toBe(true)
  expect(find(manifests, 'NetworkPolicy', 'default-deny')).toBeDefined()
})

test('prod has two of the API and MLflow on a database of its own', async () => {
  const prod = await loadManifests(DIR, 'prod', VALUES)
  expect(workload(prod, 'api').spec.replicas).toBe(2)
  expect(workload(prod, 'mlflow').spec.strategy.type).toBe('RollingUpdate')
  expect(workload(prod, 'mlflow').spec.template.spec.volumes).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '64Mi' } })
  expect(workload(prod, 'mlflow').spec.template.spec.containers[0]?.env.map(({ name }) => name)).toContain('MLFLOW_BACKEND_STORE_URI')
  expect(find(prod, 'PersistentVolumeClaim', 'mlflow')).toBeUndefined()
})

test('namespace, identity and settings come from the values', async () => {
  const manifests = await loadManifests(DIR, 'dev', { ...VALUES, namespace: 'logs-dev', clientId: 'id-1', settings: { api: { LOGPIPE_STORAGE: 'https://example.blob.core.windows.net' } } })
  expect(find(manifests, 'Namespace', 'logs-dev')).toBeDefined()
  expect(find(manifests, 'ServiceAccount', 'api')).toMatchObject({ metadata: { annotations: { 'azure.workload.identity/client-id': 'id-1' } } })
  expect(find(manifests, 'ConfigMap', 'api')).toMatchObject({ data: { LOGPIPE_STORAGE: 'https://example.blob.core.windows.net', LOGPIPE_API_PORT: '8080' } })
})

test('an image without a digest is refused', async () => {
  await expect(loadManifests(DIR, 'dev', { ...VALUES, images: { ...VALUES.images, api: 'example.azurecr.io/api:latest' } })).rejects.toMatchObject({ code: 'AKS_SETTING_MISSING' })
})

const map = (name: string, data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })

test('a patch of what the base does not have is refused', () => {
  expect(() => render([map('a', {})], [map('b', {})], VALUES)).toThrow(expect.objectContaining({ code: 'MANIFEST_REFUSED', fields: expect.objectContaining({ object: 'ConfigMap/b' }) as unknown }) as Error)
})

test('the hash does not see the order of objects and keys, and sees any value', () => {
  const data = fc.dictionary(fc.string(), fc.string())
  fc.assert(
    fc.property(data, data, (a, b) => {
      const [one, two] = render([map('a', a), map('b', b)], [], VALUES)
      const turned = { ...two!, data: Object.fromEntries(Object.entries(b).reverse()) }
      expect(hashOf([turned, one!])).toBe(hashOf([one!, two!]))
      expect(hashOf([{ ...one!, data: { ...a, more: 'x' } }, two!])).not.toBe(a['more'] === 'x' ? '' : hashOf([one!, two!]))
    }),
  )
})
