import { AppsV1Api, CoordinationV1Api, CoreV1Api, type KubeConfig, NetworkingV1Api, PolicyV1Api } from '@kubernetes/client-node'

/** One cluster as a person of it: the typed calls, and the configuration that port-forwards need. */
export interface Cluster {
  readonly config: KubeConfig
  readonly context: string
  readonly core: CoreV1Api
  readonly apps: AppsV1Api
  readonly networking: NetworkingV1Api
  readonly policy: PolicyV1Api
  readonly coordination: CoordinationV1Api
}

export const clusterOf = (config: KubeConfig): Cluster => ({
  config,
  context: config.getCurrentContext(),
  core: config.makeApiClient(CoreV1Api),
  apps: config.makeApiClient(AppsV1Api),
  networking: config.makeApiClient(NetworkingV1Api),
  policy: config.makeApiClient(PolicyV1Api),
  coordination: config.makeApiClient(CoordinationV1Api),
})
