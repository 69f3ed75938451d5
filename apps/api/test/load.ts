import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { generateLog } from '@logpipe/loggen'
import autocannon from 'autocannon'
import { type Served, serveDashboard } from './dashboard.ts'

const LINE = 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for invalid user oracle from 192.0.2.7 port 50022 ssh2'

export interface Route {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
}

export const READS: readonly Route[] = [
  { path: '/api/runs/latest/anomalies?limit=20', method: 'GET' },
  { path: '/api/runs/latest/tables/activity_by_address?sort=-failures&limit=20', method: 'GET' },
]
export const SCORE: Route = { path: '/score', method: 'POST', body: JSON.stringify({ lines: [LINE], base_time: '2026-01-06T00:00:00Z' }) }

/** The API over a published run, with no limit of requests that a load would meet. */
export async function servedUnderLoad(): Promise<Served> {
  const served = await serveDashboard({ LOGPIPE_API_RATE: '1000000000' })
  const log = Buffer.concat([...generateLog({ seed: 7, lines: 5000, start: '2026-01-05T00:00:00Z', days: 2 })]).toString()
  await served.ended(await served.drop('auth.log', log))
  return served
}

export const load = (origin: string, { path, method, body }: Route, key: string, seconds: number) =>
  autocannon({ url: origin + path, connections: 10, duration: seconds, method, headers: { 'x-api-key': key, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body }) })

/** Answers of a route in a second, and of a bare Fastify route that gives the same text, by turns in one run. */
export async function againstBare({ origin, key }: Served, route: Route): Promise<{ served: number; bare: number; ratio: number; failed: number }> {
  const answer = await fetch(origin + route.path, { method: route.method, headers: { 'x-api-key': key, 'content-type': 'application/json' }, ...(route.body === undefined ? {} : { body: route.body }) })
  if (!answer.ok) throw new Error(await answer.text())
  const child = fork(join(import.meta.dirname, 'bare-server.ts'), { execArgv: [] })
  try {
    const [bareOrigin] = (await once(child, 'message')) as [string]
    const name = route.method === 'GET' ? 'read' : 'score'
    child.send({ name, text: await answer.text() })
    await once(child, 'message')
    let [served, bare, failed] = [0, 0, 0]
    const rounds = 3
    for (let round = 0; round < rounds; round += 1) {
      const theirs = await load(bareOrigin, { ...route, path: `/${name}` }, key, 3)
      const ours = await load(origin, route, key, 3)
      bare += theirs.requests.total / theirs.duration / rounds
      served += ours.requests.total / ours.duration / rounds
      failed += ours.errors + ours.timeouts + ours.non2xx
    }
    return { served: Math.round(served), bare: Math.round(bare), ratio: Math.round((100 * served) / bare) / 100, failed }
  } finally {
    child.kill()
  }
}
