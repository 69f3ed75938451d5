import type { IncomingMessage } from 'node:http'
import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import type { DurableApi } from '../durable/api.ts'
import { HostError } from '../errors.ts'
import type { BlobTriggers } from '../triggers/blob.ts'
import { blobEvents } from '../triggers/blob-events.ts'
import type { Log } from '../types.ts'
import { admin, type AdminParts } from './admin.ts'
import { callHttpFunction } from './call-function.ts'
import { Gate } from './gate.ts'
import { hasKey } from './guard.ts'
import { type Answer, flatHeaders, type Incoming, readBody } from './message.ts'
import { compileRoutes, matchRoute } from './routes.ts'
import type { Handler } from './server.ts'

export interface DispatchParts extends AdminParts {
  functions: ReadonlyMap<string, AppFunction>
  invoke: Invoke
  durable: DurableApi
  blobs: BlobTriggers
  log: Log
  routePrefix: string
  functionKey: string
  /** Path of the durable client's own calls; it holds their secret. */
  rpcPath: string
  /** In bytes. */
  bodyLimit: number
  /** Of HTTP functions: how many run at once, and how many run or wait. */
  maxConcurrentRequests: number
  maxOutstandingRequests: number
}

type Area = (segments: readonly string[], request: Incoming) => Answer | Promise<Answer>

/** Finds who answers a path. Everything outside the app's own routes needs the key (or the client's secret). */
export function createDispatch(parts: DispatchParts): Handler {
  const routes = compileRoutes(parts.functions.values(), parts.routePrefix)
  const areas: [path: string, open: boolean, area: Area][] = [
    [parts.rpcPath, true, parts.durable],
    ['/runtime/webhooks/durabletask/', false, parts.durable],
    ['/runtime/webhooks/blobs', false, (_, request) => blobEvents(parts.blobs, parts.log, request)],
    ['/admin/', false, (segments, request) => admin(parts, segments, request)],
  ]
  const gate = new Gate(parts.maxConcurrentRequests, parts.maxOutstandingRequests)

  return async (request, url) => {
    const area = areas.find(([path]) => url.pathname.startsWith(path))
    if (area) {
      const [path, open, answer] = area
      if (!open) needKey(request, url)
      return answer(segmentsAfter(path, url), await read(request, url))
    }
    const found = matchRoute(routes, request.method ?? 'GET', url.pathname)
    if (!found) return { status: 404 }
    if (found.route.authLevel !== 'anonymous') needKey(request, url)
    return gate.pass(async () => callHttpFunction(parts.invoke, parts.log, found.route.fn, await read(request, url), found.params))
  }

  function needKey(request: IncomingMessage, url: URL): void {
    if (!hasKey(request, url, parts.functionKey)) throw new HostError('HOST_REQUEST_UNAUTHORIZED', { path: url.pathname })
  }

  async function read(request: IncomingMessage, url: URL): Promise<Incoming> {
    return { method: request.method ?? 'GET', url, headers: flatHeaders(request), body: await readBody(request, parts.bodyLimit) }
  }
}

function segmentsAfter(path: string, url: URL): string[] {
  try {
    return url.pathname.slice(path.length).split('/').map(decodeURIComponent).filter((part) => part !== '')
  } catch (error) {
    throw new HostError('HOST_REQUEST_INVALID', { detail: 'The path has a malformed escape.' }, { cause: error })
  }
}
