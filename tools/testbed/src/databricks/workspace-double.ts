import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { type Context, Refusal, ROUTES } from './routes.ts'
import type { RunFault } from './runs.ts'
import { type Runner, World } from './world.ts'

/** What befalls a request: an answer of another, a connection that breaks before or after the work. */
export type RequestFault = 429 | 503 | 'dropped' | 'answer lost'

export interface Request {
  /** e.g. `POST /api/2.2/jobs/run-now` */
  readonly call: string
  readonly body: unknown
}

export interface DoubleOptions {
  readonly runner: Runner
  readonly port?: number
  /** Asked for each request; null: it goes on. */
  readonly meddle?: (request: Request) => RequestFault | null
  /** Asked for each run that begins. */
  readonly fate?: Context['fate']
}

export interface WorkspaceDouble {
  readonly host: string
  readonly world: World
  /** What logs in, and who may not do what: calls by their name. */
  readonly tokens: Map<string, 'valid' | 'expired'>
  readonly forbidden: Set<string>
  /** Every request that came, in order. */
  readonly requests: Request[]
  /** Changes what befalls requests and runs from now on. */
  meddle: (request: Request) => RequestFault | null
  fate: Context['fate']
  close(): Promise<void>
}

export type { RunFault }

/** A Databricks workspace on a loopback port: the documented answers, strict about what it is sent. Runs are done by `runner`. */
export async function startWorkspaceDouble(options: DoubleOptions): Promise<WorkspaceDouble> {
  const world = new World()
  const requests: Request[] = []
  const tokens = new Map<string, 'valid' | 'expired'>()
  const forbidden = new Set<string>()

  async function answer(incoming: IncomingMessage): Promise<{ status: number; body: object; lost?: boolean; retryAfter?: number } | null> {
    const url = new URL(incoming.url ?? '/', double.host)
    const call = `${incoming.method ?? ''} ${url.pathname}`
    const body: unknown = incoming.method === 'POST' ? await json(incoming) : undefined
    const request = { call, body }
    requests.push(request)
    const refused = (status: number, error_code: string, message: string) => ({ status, body: { error_code, message } })
    const fault = double.meddle(request)
    if (fault === 'dropped') return null
    if (fault === 429) return { ...refused(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests'), retryAfter: 0 }
    if (fault === 503) return { ...refused(503, 'TEMPORARILY_UNAVAILABLE', 'The service is temporarily unavailable'), retryAfter: 0 }
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? ''
    // The real one repeats no token; a message that does shows that the client's own messages are clean.
    if (tokens.get(token) !== 'valid') return refused(401, 'UNAUTHENTICATED', `Invalid access token ${token}`)
    if (forbidden.has(call)) return refused(403, 'PERMISSION_DENIED', 'engineer@example.org does not have the permission')
    const handler = ROUTES[call]
    if (!handler) return refused(404, 'ENDPOINT_NOT_FOUND', `No API found for '${call}'`)
    try {
      const done = handler({ world, host: double.host, runner: options.runner, fate: (name, nodeType) => double.fate(name, nodeType) }, body, url.searchParams)
      return { status: 200, body: done as object, lost: fault === 'answer lost' }
    } catch (error) {
      if (error instanceof Refusal) return refused(error.status, error.errorCode, error.message)
      throw error
    }
  }

  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    answer(incoming).then(
      (said) => {
        if (said === null || said.lost) return incoming.socket.destroy()
        if (said.retryAfter !== undefined) response.setHeader('retry-after', said.retryAfter)
        return response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body))
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const double: WorkspaceDouble = {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    tokens,
    forbidden,
    requests,
    meddle: options.meddle ?? (() => null),
    fate: options.fate ?? (() => null),
    async close() {
      for (const run of world.runs.values()) run.stop.abort()
      await Promise.all([...world.runs.values()].map(({ ended }) => ended))
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return double
}
