import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HostError, messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import { checkOrigin } from './guard.ts'
import { type Answer, errorAnswer, sendAnswer } from './message.ts'

/** Answers a request that passed the origin check; checks the key where one is needed, before it reads the body. */
export type Handler = (request: IncomingMessage, url: URL) => Promise<Answer>

export const unavailable: Answer = { status: 503, headers: { 'retry-after': '1' } }

/**
 * Listens on 127.0.0.1. Until `serve` is called every request is answered with 503: the app needs to know its address while it loads.
 * Throws HOST_PORT_TAKEN.
 */
export async function listen(port: number, log: Log): Promise<{ server: Server; port: number; serve: (handler: Handler) => void }> {
  let handler: Handler = () => Promise.resolve(unavailable)
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject('code' in error && error.code === 'EADDRINUSE' ? new HostError('HOST_PORT_TAKEN', { port }, { cause: error }) : error))
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return { server, port: bound, serve: (next) => (handler = next) }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let result: Answer
    try {
      checkOrigin(request, bound)
      // Not resolved but put together: a target such as //elsewhere/ or http://elsewhere/ must not change the authority.
      const target = request.url ?? ''
      const url = target.startsWith('/') ? URL.parse(`http://${request.headers.host}${target}`) : null
      if (!url) throw new HostError('HOST_REQUEST_INVALID', { detail: 'The request target is no path.' })
      result = await handler(request, url)
    } catch (error) {
      if (!(error instanceof HostError)) log({ level: 'error', event: 'request-failed', message: messageOf(error) })
      result = error instanceof HostError ? errorAnswer(error) : { status: 500 }
    }
    sendAnswer(response, result)
  }
}

/** Ends idle connections at once, busy ones after `graceMs`. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(timer)
}
