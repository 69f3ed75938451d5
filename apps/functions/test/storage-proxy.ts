import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that changes storage. `n` counts from 1 since the proxy began; `path` is the blob's, decoded, account left out. */
export interface Write {
  readonly n: number
  readonly method: string
  readonly path: string
  /** What of the blob or container it changes: '' for the whole, else block, blocklist, metadata … */
  readonly part: string
}

/** `drop` cuts the connection, a number is answered as the status. */
export type Verdict = 'pass' | 'drop' | number

/** Called before a write is passed on, and again when it is done but not yet answered. */
export type Meddler = (write: Write, when: 'before' | 'after') => Verdict | Promise<Verdict>

export interface StorageProxy {
  /** As the given connection string, through the proxy. */
  readonly connection: string
  readonly writes: readonly Write[]
  close(): Promise<void>
}

/** Stands between us and a blob service: reads pass, writes are counted and shown to the meddler. */
export async function startStorageProxy(connection: string, meddle: Meddler): Promise<StorageProxy> {
  const endpoint = new URL(/BlobEndpoint=([^;]+)/.exec(connection)?.[1] ?? '')
  const writes: Write[] = []

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', endpoint)
    const write = isWrite(incoming) ? describe(writes.length + 1, incoming.method ?? '', url) : undefined
    if (write) writes.push(write)
    if (await stopped(write, 'before', outgoing)) return void incoming.resume()
    const upstream = await forward(incoming, url)
    if (await stopped(write, 'after', outgoing)) return void upstream.resume()
    outgoing.writeHead(upstream.statusCode ?? 502, upstream.rawHeaders)
    upstream.pipe(outgoing)
  }

  async function stopped(write: Write | undefined, when: 'before' | 'after', outgoing: ServerResponse): Promise<boolean> {
    const verdict = write ? await meddle(write, when) : 'pass'
    if (verdict === 'drop') outgoing.destroy()
    else if (verdict !== 'pass') outgoing.writeHead(verdict, { 'content-length': 0, 'x-ms-error-code': 'ServerBusy' }).end()
    return verdict !== 'pass'
  }

  const forward = (incoming: IncomingMessage, url: URL): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outward = request(url, { method: incoming.method, headers: incoming.headers }, resolve)
      outward.on('error', reject)
      incoming.on('error', reject)
      incoming.pipe(outward)
    })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    connection: connection.replace(endpoint.origin, `http://127.0.0.1:${port}`),
    writes,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const isWrite = ({ method = '' }: IncomingMessage): boolean => ['PUT', 'POST', 'DELETE', 'PATCH'].includes(method)

function describe(n: number, method: string, url: URL): Write {
  const path = decodeURIComponent(url.pathname).split('/').slice(2).join('/')
  return { n, method, path, part: url.searchParams.get('comp') ?? '' }
}
