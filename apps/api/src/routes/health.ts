import { Fresh } from '../data/cache.ts'
import { ok } from '../http/answers.ts'
import type { Routes } from './context.ts'

const open = { anonymous: true, anyHost: true } as const

/** For probes: alive, and able to serve; figures for Prometheus. */
export const healthRoutes: Routes = (server, { reader, model, metrics, streams }) => {
  const checks = new Fresh<void>(1000)
  metrics.gauge('logpipe_api_event_streams', () => streams.open)
  metrics.gauge('logpipe_api_model_loaded', () => (model.loaded === null ? 0 : 1))

  for (const path of ['/health', '/healthz']) server.get(path, { schema: { summary: 'The process is alive', tags: ['service'] }, config: open }, () => ({ ok: true }))

  server.get('/ready', { schema: { summary: 'Storage answers', tags: ['service'] }, config: open }, async () => {
    await checks.get('', async () => void (await reader.store.stat({ container: 'pipeline', name: 'ready' })))
    return ok({ model: model.loaded?.version.version ?? null })
  })

  server.get('/metrics', { schema: { summary: 'Figures in the text form of Prometheus', tags: ['service'] } }, (_request, reply) => reply.type('text/plain; version=0.0.4').send(metrics.text()))
}
