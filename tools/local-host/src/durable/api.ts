import { HostError } from '../errors.ts'
import { type Answer, errorAnswer, type Incoming, jsonAnswer } from '../http/message.ts'
import { type ClientAddress, managementUrls } from './client-data.ts'
import type { Engine } from './engine.ts'
import { isActive, type Instance } from './instance.ts'
import { find } from './lifecycle.ts'
import { statusOf } from './status.ts'
import type { InstanceFilter } from './store.ts'

export type DurableApi = (segments: readonly string[], request: Incoming) => Answer | Promise<Answer>

/**
 * The durable HTTP API below /runtime/webhooks/durabletask and below the client's RPC base: `segments` is the decoded path after it.
 * Refuses what the host does not do with 501 and its name.
 */
export function createDurableApi(engine: Engine, address: () => ClientAddress): DurableApi {
  return (segments, request) => {
    const [area, first, action, name] = segments
    const { method } = request
    if (area === 'orchestrators' && first && method === 'POST' && segments.length <= 3) return start(first, action, request)
    if (area === 'instances') {
      if (!first) return method === 'DELETE' ? purgeMany(request) : method === 'GET' ? list(request) : notHere(request)
      if (!action) return method === 'DELETE' ? purgeOne(first) : method === 'GET' ? status(first, request) : notHere(request)
      if (method === 'POST') return act(first, action, name, request)
    }
    if (area === 'entities') return unsupported('entities')
    return notHere(request)
  }

  function start(name: string, id: string | undefined, request: Incoming): Answer {
    const version = request.url.searchParams.get('version')
    return started(engine.start({ name, input: jsonBody(request), ...(id !== undefined && { id }), ...(version !== null && { version }) }))
  }

  function started(id: string): Answer {
    const urls = managementUrls(address(), id)
    return jsonAnswer(202, urls, { location: urls['statusQueryGetUri'] ?? '', 'retry-after': '10' })
  }

  function status(id: string, { url }: Incoming): Answer {
    const instance = find(engine.store, id)
    const body = statusOf(instance, () => engine.store.history(id), {
      showInput: flag(url, 'showInput', true),
      showHistory: flag(url, 'showHistory', false),
      showHistoryOutput: flag(url, 'showHistoryOutput', false),
    })
    if (isActive(instance.status)) return jsonAnswer(202, body, { location: managementUrls(address(), id)['statusQueryGetUri'] ?? '', 'retry-after': '10' })
    return jsonAnswer(instance.status === 'Failed' && flag(url, 'returnInternalServerErrorOnFailure', false) ? 500 : 200, body)
  }

  function list({ url, headers }: Incoming): Answer {
    const top = Number(url.searchParams.get('top') ?? 1000) || 1000
    const offset = Number(headers['x-ms-continuation-token'] ?? 0) || 0
    const rows = engine.store.instances(filterOf(url), top + 1, offset)
    const options = { showInput: flag(url, 'showInput', true), showHistory: false, showHistoryOutput: false }
    const more: Record<string, string> = rows.length > top ? { 'x-ms-continuation-token': String(offset + top) } : {}
    return jsonAnswer(200, rows.slice(0, top).map((row) => statusOf(row, () => [], options)), more)
  }

  function act(id: string, action: string, name: string | undefined, request: Incoming): Answer | Promise<Answer> {
    const reason = request.url.searchParams.get('reason') ?? ''
    switch (action.toLowerCase()) {
      case 'raiseevent':
        if (name === undefined) throw new HostError('HOST_REQUEST_INVALID', { detail: 'raiseEvent needs the event name in the path.' })
        engine.raiseEvent(id, name, request.body.length === 0 ? '' : jsonBody(request))
        return { status: 202 }
      case 'terminate':
        engine.terminate(id, reason)
        return { status: 202 }
      case 'suspend':
        engine.suspend(id)
        return { status: 202 }
      case 'resume':
        engine.resume(id)
        return { status: 202 }
      case 'rewind':
        return engine.rewind(id, reason).then(() => ({ status: 202 }), asText)
      case 'restart':
        return started(engine.restart(id, flag(request.url, 'restartWithNewInstanceId', true)))
      default:
        return unsupported(action)
    }
  }

  function purgeOne(id: string): Answer {
    const instance = find(engine.store, id)
    if (isActive(instance.status)) throw new HostError('HOST_INSTANCE_ACTIVE', { id, status: instance.status })
    return purge([instance])
  }

  function purgeMany({ url }: Incoming): Answer {
    const found = engine.store.instances(filterOf(url), -1, 0).filter((row) => !isActive(row.status))
    return found.length > 0 ? purge(found) : jsonAnswer(404, { instancesDeleted: 0 })
  }

  function purge(rows: readonly Instance[]): Answer {
    engine.store.atomically(() => {
      for (const row of rows) engine.store.removeInstance(row.id)
    })
    return jsonAnswer(200, { instancesDeleted: rows.length })
  }
}

/** As plain text, which the SDK puts into its error; it makes "[object Object]" of a document. */
function asText(error: unknown): Answer {
  if (!(error instanceof HostError)) throw error
  return { status: errorAnswer(error).status, headers: { 'content-type': 'text/plain' }, body: error.message }
}

const unsupported = (what: string): Answer => asText(new HostError('HOST_ACTION_UNSUPPORTED', { what }))

function notHere({ method, url }: Incoming): never {
  throw new HostError('HOST_REQUEST_INVALID', { detail: `${method} ${url.pathname} is no call of the durable API.` })
}

const flag = (url: URL, name: string, byDefault: boolean): boolean => (url.searchParams.get(name)?.toLowerCase() ?? String(byDefault)) === 'true'

function filterOf(url: URL): InstanceFilter {
  const time = (name: string): number | undefined => {
    const text = url.searchParams.get(name)
    if (!text) return undefined
    const at = Date.parse(text)
    if (Number.isNaN(at)) throw new HostError('HOST_REQUEST_INVALID', { detail: `${name} is no time: ${JSON.stringify(text)}.` })
    return at
  }
  return {
    statuses: url.searchParams.get('runtimeStatus')?.split(',').filter((part) => part !== ''),
    createdFrom: time('createdTimeFrom'),
    createdTo: time('createdTimeTo'),
    idPrefix: url.searchParams.get('instanceIdPrefix') ?? undefined,
  }
}

/** The body as canonical JSON text; an empty one is null. */
function jsonBody({ body }: Incoming): string {
  if (body.length === 0) return 'null'
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw new HostError('HOST_REQUEST_INVALID', { detail: 'The body is not JSON.' }, { cause: error })
  }
}
