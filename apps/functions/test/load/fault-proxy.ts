import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export const FAULTS = ['drop', 'lost answer', '503', '500', '429', 'truncate', 'slow'] as const
type Fault = (typeof FAULTS)[number]

export interface FaultProxy {
  /** As the given connection string, through the proxy. */
  readonly connection: string
  /** Faults so far, by kind. */
  readonly injected: Readonly<Record<Fault, number>>
  readonly requests: () => number
  close(): Promise<void>
}

/** What is done to the n-th request; undefined: nothing. */
export type Chooser = (n: number) => Fault | undefined

/** Stands before a blob service and spoils requests: before they are passed on, after they were done, or their answers. */
export async function startFaultProxy(connection: string, choose: Chooser): Promise<FaultProxy> {
  const endpoint = new URL(/BlobEndpoint=([^;]+)/.exec(connection)?.[1] ?? '')
  const injected = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>
  let requests = 0

  const forward = (incoming: IncomingMessage): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outward = request(new URL(incoming.url ?? '/', endpoint), { method: incoming.method, headers: incoming.headers }, resolve)
      outward.on('error', reject)
      incoming.on('error', reject)
      incoming.pipe(outward)
    })

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const fault = choose((requests += 1))
    if (fault) injected[fault] += 1
    if (fault === 'drop') return void outgoing.destroy()
    if (fault === '503' || fault === '500' || fault === '429') {
      incoming.resume()
      return void outgoing.writeHead(Number(fault), { 'content-length': 0, 'x-ms-error-code': 'ServerBusy', ...(fault === '429' ? { 'retry-after': '0' } : {}) }).end()
    }
    if (fault === 'slow') await delay(400)
    const upstream = await forward(incoming)
    if (fault === 'lost answer') {
      upstream.resume()
      return void upstream.on('end', () => outgoing.destroy())
    }
    outgoing.writeHead(upstream.statusCode ?? 502, upstream.rawHeaders)
    if (fault !== 'truncate') return void upstream.pipe(outgoing)
    const [first] = (await upstream.take(1).toArray()) as Buffer[]
    if (first) outgoing.write(first.subarray(0, Math.floor(first.length / 2)))
    setImmediate(() => outgoing.destroy())
  }

  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    connection: connection.replace(endpoint.origin, `http://127.0.0.1:${port}`),
    injected,
    requests: () => requests,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
