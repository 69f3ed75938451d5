import { LogpipeError, type ServicesPort, type ServiceStatus } from '@logpipe/core'
import type { Cluster } from './cluster.ts'
import { deploy, type DeployOptions } from './deploy.ts'
import type { Manifest } from './manifest.ts'
import { forwardPort } from './port-forward.ts'

export interface AksServicesOptions extends Omit<DeployOptions, 'signal'> {
  readonly connect: () => Promise<Cluster>
  readonly manifests: () => Promise<readonly Manifest[]>
  readonly apiKey: string
  /** Opens a way to the API; default: a port-forward to a ready pod. */
  readonly open?: (cluster: Cluster) => Promise<{ readonly url: string; close(): Promise<void> }>
}

export const API_PORT = 8080
/** A set of manifests that failed is not tried again by each run: a person's `logpipe deploy services` is. */
const RETRY_FAILED_AFTER_MS = 10 * 60_000

/**
 * The services on AKS. Each run verifies; where something is to be done one of many deploys. Then the API must name this run, or a newer one of its
 * source, by a real request. After a failed deployment the older version is asked, and the state says both.
 */
export function createAksServices(options: AksServicesOptions): ServicesPort {
  const { connect, manifests, namespace, open = (cluster: Cluster) => forwardPort(cluster, namespace, 'api', API_PORT) } = options
  return {
    name: 'aks',
    async ensure({ runId, slug }, signal): Promise<ServiceStatus[]> {
      const cluster = await connect()
      const failure = await deploy(cluster, await manifests(), { retryFailedAfterMs: RETRY_FAILED_AFTER_MS, ...options, signal }).then(
        () => null,
        (error: unknown) => {
          if (error instanceof LogpipeError) return error
          throw error
        },
      )
      const way = await open(cluster)
      try {
        const served = await servedRun(way.url, slug, options.apiKey, signal)
        const detail = served === runId ? `serves ${runId}` : `serves the newer run ${served}`
        if (failure === null) return [{ name: 'API', url: null, state: 'serving', detail }]
        return [{ name: 'API', url: null, state: 'failed', detail: `${failure.code}: ${failure.message}; the version before ${detail}` }]
      } catch (error) {
        throw failure ?? error
      } finally {
        await way.close()
      }
    },
  }
}

async function servedRun(url: string, slug: string, key: string, signal: AbortSignal): Promise<string> {
  const path = `/api/sources/${slug}/latest`
  const failed = (detail: string, cause?: unknown): LogpipeError => new LogpipeError('SERVICES_FAILED', { service: 'API', detail: `${path} ${detail}` }, { cause })
  const answer = await fetch(new URL(path, url), { headers: { 'x-api-key': key }, redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]) }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw failed('was not answered', error)
  })
  if (!answer.ok) throw failed(`answered ${answer.status}`)
  const { data } = (await answer.json()) as { data?: { runId?: string } }
  return data?.runId ?? 'none'
}
