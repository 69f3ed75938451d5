import { fileURLToPath } from 'node:url'
import { type Config, LogpipeError } from '@logpipe/core'
import type { Cluster } from './cluster.ts'
import { type ClusterPlace, connectCluster } from './connect.ts'
import type { Manifest } from './manifest.ts'
import { loadManifests } from './render.ts'

export interface AksSettings {
  readonly namespace: string
  readonly connect: () => Promise<Cluster>
  readonly manifests: () => Promise<readonly Manifest[]>
}

/** In a bundle the manifests lie elsewhere: LOGPIPE_AKS_DIR says where. */
const DEFAULT_DIR = fileURLToPath(new URL('../../../deploy/aks', import.meta.url))

/** What the configuration says of the cluster. The functions throw AKS_SETTING_MISSING where it says too little. */
export function aksSettings({ aks, storage }: Pick<Config, 'aks' | 'storage'>, dir: string = process.env['LOGPIPE_AKS_DIR'] ?? DEFAULT_DIR): AksSettings {
  const { namespace, overlay, images, clientId } = aks
  return {
    namespace,
    connect: async () => connectCluster(placeOf(aks)),
    manifests: async () => {
      // A key in a manifest would lie in the cluster for all who may read it: pods log in by their own identity.
      if (!storage.connection.startsWith('https://')) throw new LogpipeError('AKS_SETTING_MISSING', { detail: 'storage.connection must be https://ACCOUNT.blob.core.windows.net: pods get no key.' })
      return loadManifests(dir, overlay, { namespace, images, clientId, settings: { api: { LOGPIPE_STORAGE: storage.connection } } })
    },
  }
}

function placeOf({ subscription, resourceGroup, cluster, kubeconfig, context }: Config['aks']): ClusterPlace {
  const chosen = context === '' ? undefined : context
  if (kubeconfig !== '') return { kubeconfig, context: chosen }
  const missing = Object.entries({ subscription, resourceGroup, cluster }).filter(([, value]) => value === '')
  if (missing.length > 0) throw new LogpipeError('AKS_SETTING_MISSING', { detail: `Not set: ${missing.map(([name]) => `aks.${name}`).join(', ')}.` })
  return { subscription, resourceGroup, cluster, context: chosen }
}
