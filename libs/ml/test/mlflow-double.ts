import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { ROUTES, type World } from './mlflow-routes.ts'

/** `drop` before the work, `dropAfter` when it is done and nobody hears of it, `late`: done only after the next call of its kind. */
export type Fault = 'drop' | 'dropAfter' | 'late' | 'busy' | null

export interface Double {
  readonly url: string
  readonly world: World
  /** `METHOD path`, without the run's id. */
  readonly calls: string[]
  readonly authorizations: (string | undefined)[]
  /** Bodies that MLflow does not document, and routes that it does not have. */
  readonly wrong: string[]
  /** Asked for each call with its number from 0. */
  fault: (call: string, index: number) => Fault
  close(): Promise<void>
}

/** A server on loopback that speaks the part of MLflow's REST API that is used, and holds every body to its documented shape. */
export async function startDouble(port = 0): Promise<Double> {
  const world: World = { experiments: new Map(), runs: new Map(), models: new Map(), artifacts: new Map(), next: 1 }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const late = new Map<string, () => void>()
  const double: Double = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    calls: [],
    authorizations: [],
    wrong: [],
    fault: () => null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', double.url)
    const call = `${request.method} ${url.pathname.replace('/api/2.0/mlflow', '').replace(/(artifacts)\/.*?(\/artifacts)/, '$1$2')}`
    const fault = double.fault(call, double.calls.push(call) - 1)
    double.authorizations.push(request.headers.authorization)
    const bytes = await buffer(request)
    if (fault === 'drop') return void response.destroy()
    if (fault === 'busy') return void response.writeHead(503, { 'retry-after': '0' }).end('busy')
    const work = (): { status: number; body: object } => {
      const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(url.pathname))
      if (!route) {
        double.wrong.push(`${call}: no such route`)
        return { status: 404, body: {} }
      }
      const [, , shape, answer] = route
      const parsed = shape.safeParse(shape.type === 'any' ? bytes : request.method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(bytes.toString()))
      if (!parsed.success) double.wrong.push(`${call}: ${parsed.error.message}`)
      return answer(world, parsed.data as never, url)
    }
    if (fault === 'late') {
      late.set(call, work)
      return void response.destroy()
    }
    const { status, body } = work()
    late.get(call)?.()
    late.delete(call)
    if (fault === 'dropAfter') return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(request.method === 'PUT' ? '' : JSON.stringify(body))
  }
  return double
}
