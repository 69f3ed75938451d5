import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { LogpipeError, TERMINAL } from '@logpipe/core'
import { failure } from '../http/answers.ts'
import { type Routes, runParams } from './context.ts'

const LOOK_MS = 400
const BEAT_MS = 15_000
const MOST = 100

/** Open server-sent event streams: few enough to bear, all ended when the server closes. */
export class Streams {
  readonly #ending = new AbortController()
  #open = 0

  get open(): number {
    return this.#open
  }

  /** Throws TOO_MANY_REQUESTS; to be asked before an answer is begun. */
  checkRoom(): void {
    if (this.#open >= MOST) throw new LogpipeError('TOO_MANY_REQUESTS', { limit: MOST })
  }

  end(): void {
    this.#ending.abort()
  }

  /** Sends what `look` tells each time it differs; `done` ends the stream. Storage that is down is told as `trouble`, once, and looked at again. */
  async serve(response: ServerResponse, look: () => Promise<{ event: string; data: unknown; done: boolean }>): Promise<void> {
    this.#open += 1
    const { signal } = this.#ending
    let last = ''
    let beat = Date.now()
    try {
      while (!response.destroyed && !signal.aborted) {
        const { event, data, done } = await look().catch((error: unknown) => ({ event: 'trouble', data: failure(error).error, done: false }))
        const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
        if (text !== last) response.write(text)
        else if (Date.now() - beat > BEAT_MS) response.write(': still here\n\n')
        if (text !== last || Date.now() - beat > BEAT_MS) beat = Date.now()
        last = text
        if (done) break
        await delay(LOOK_MS, undefined, { signal }).catch(() => undefined)
      }
    } finally {
      this.#open -= 1
      response.end()
    }
  }
}

/** Live views: a run until its end, and the list of runs. */
export const eventRoutes: Routes = (server, { reader, streams }) => {
  const HEAD = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

  server.get<{ Params: { run: string } }>('/api/runs/:run/events', { schema: { summary: 'A run as server-sent events, until its end', tags: ['runs'], params: runParams } }, async ({ params }, reply) => {
    streams.checkRoom()
    await reader.record(params.run)
    reply.hijack()
    reply.raw.writeHead(200, HEAD)
    await streams.serve(reply.raw, async () => {
      const record = await reader.record(params.run)
      return { event: 'run', data: record, done: TERMINAL.has(record.status) }
    })
  })

  server.get('/api/events', { schema: { summary: 'The newest runs and their statuses as server-sent events', tags: ['runs'] } }, async (_request, reply) => {
    streams.checkRoom()
    await reader.listing()
    reply.hijack()
    reply.raw.writeHead(200, HEAD)
    await streams.serve(reply.raw, async () => ({ event: 'runs', data: (await reader.listing()).slice(0, 50).map(({ runId, status, etag }) => ({ runId, status, etag })), done: false }))
  })
}
