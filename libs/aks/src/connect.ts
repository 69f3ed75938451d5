import { ContainerServiceClient } from '@azure/arm-containerservice'
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity'
import { KubeConfig } from '@kubernetes/client-node'
import { LogpipeError } from '@logpipe/core'
import { type Cluster, clusterOf } from './cluster.ts'

/** Where the cluster is: a kubeconfig of this machine, or an AKS cluster by its names. */
export type ClusterPlace =
  | { readonly kubeconfig: string; readonly context?: string | undefined }
  | { readonly subscription: string; readonly resourceGroup: string; readonly cluster: string; readonly context?: string | undefined }

export interface ConnectOptions {
  /** Default: DefaultAzureCredential. */
  readonly credential?: TokenCredential
  /** Default: the public ARM. */
  readonly arm?: { readonly endpoint: string; readonly ca: string }
}

/** The AKS server application, the same in every tenant: who asks for a token for it may talk to any AKS API server that lets them in. */
const AKS_SCOPE = '6dae42f8-4368-4678-94ff-3960e28e3630/.default'

/** @throws CLUSTER_NOT_FOUND, CLUSTER_LOGIN_REFUSED, CLUSTER_FORBIDDEN, CLUSTER_CONTEXT_UNKNOWN, CLUSTER_UNREACHABLE. */
export async function connectCluster(place: ClusterPlace, options: ConnectOptions = {}): Promise<Cluster> {
  const config = new KubeConfig()
  if ('kubeconfig' in place) load(place.kubeconfig, () => config.loadFromFile(place.kubeconfig))
  else {
    const credential = options.credential ?? new DefaultAzureCredential()
    const text = await userCredentials(place, credential, options.arm)
    load(place.cluster, () => config.loadFromString(text))
    await withoutPlugins(config, credential)
  }
  const found = config.getContexts().map(({ name }) => name)
  const context = place.context ?? config.getCurrentContext()
  if (!found.includes(context)) throw new LogpipeError('CLUSTER_CONTEXT_UNKNOWN', { context, found: found.join(', ') || 'none' })
  config.setCurrentContext(context)
  return clusterOf(config)
}

function load(from: string, read: () => void): void {
  try {
    read()
  } catch (error) {
    throw new LogpipeError('KUBECONFIG_NOT_VALID', { from, detail: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}

async function userCredentials(place: Exclude<ClusterPlace, { kubeconfig: string }>, credential: TokenCredential, arm: ConnectOptions['arm']): Promise<string> {
  const { subscription, resourceGroup, cluster } = place
  const client = new ContainerServiceClient(credential, subscription, arm ? { endpoint: arm.endpoint, tlsOptions: { ca: arm.ca } } : {})
  try {
    const { kubeconfigs } = await client.managedClusters.listClusterUserCredentials(resourceGroup, cluster)
    return Buffer.from(kubeconfigs?.[0]?.value ?? []).toString('utf8')
  } catch (error) {
    throw armError(error, place)
  }
}

function armError(error: unknown, { resourceGroup, cluster }: Exclude<ClusterPlace, { kubeconfig: string }>): LogpipeError {
  const { statusCode, name, message } = error as { statusCode?: number; name?: string; message?: string }
  const detail = (message ?? String(error)).split('\n')[0] ?? ''
  if (statusCode === 404) return new LogpipeError('CLUSTER_NOT_FOUND', { cluster, resourceGroup }, { cause: error })
  if (statusCode === 403) return new LogpipeError('CLUSTER_FORBIDDEN', { detail }, { cause: error })
  const login = statusCode === 401 || LOGIN_ERRORS.has(name ?? '')
  return login ? new LogpipeError('CLUSTER_LOGIN_REFUSED', { detail }, { cause: error }) : new LogpipeError('CLUSTER_UNREACHABLE', { what: 'ARM', detail }, { cause: error })
}
const LOGIN_ERRORS = new Set(['AuthenticationError', 'AggregateAuthenticationError', 'CredentialUnavailableError', 'AuthenticationRequiredError'])

/** AKS names kubelogin as a plugin for Entra: a token by the same login does its work. */
async function withoutPlugins(config: KubeConfig, credential: TokenCredential): Promise<void> {
  if (!config.getUsers().some((user) => 'exec' in user && user.exec)) return
  const token = await credential.getToken(AKS_SCOPE)
  if (token) config.users = config.getUsers().map((user) => (user.exec ? { name: user.name, token: token.token } : user))
}
