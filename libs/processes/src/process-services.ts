import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LogpipeError, type ServicesPort, type ServiceStatus } from '@logpipe/core'
import { type RunningProcess, startProcess } from './start-process.ts'

export interface ProcessServicesOptions {
  /** Module that starts the API and prints `{"event":"api-ready","url":…}`; empty: there are no services here. */
  readonly entry: string
  /** An API that somebody else keeps up, and may be starting; empty: `entry` is started. */
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly key: string
  readonly logDir: string
}

const START_MS = 20_000

/** The services as processes on loopback: what AKS runs in the cloud. One API serves all runs; it is started again when it has ended. */
export function createProcessServices(options: ProcessServicesOptions): ServicesPort & { stop(): Promise<void> } {
  let api: Promise<RunningProcess<string>> | undefined

  const start = (): Promise<RunningProcess<string>> => {
    const starting = startProcess({
      name: 'API',
      entry: options.entry,
      env: options.env,
      logFile: join(options.logDir, 'api.log'),
      ready: readyUrl,
    })
    const forget = (): void => {
      if (api === starting) api = undefined
    }
    starting.then((running) => running.exited.then(forget), forget)
    return starting
  }

  const ask = async (url: string, path: string, signal: AbortSignal): Promise<unknown> => {
    const answer = await fetch(new URL(path, url), {
      headers: { 'x-api-key': options.key },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
    if (!answer.ok) throw new LogpipeError('SERVICES_FAILED', { service: 'API', detail: `${path} answered ${answer.status}` })
    return answer.json()
  }

  /** One that was only just started gets a moment. */
  const up = async (url: string, signal: AbortSignal): Promise<void> => {
    const deadline = Date.now() + (options.url === '' ? 0 : START_MS)
    for (;;) {
      try {
        return void (await ask(url, '/healthz', signal))
      } catch (error) {
        if (Date.now() >= deadline) throw new LogpipeError('SERVICES_FAILED', { service: 'API', detail: `${url} does not answer` }, { cause: error })
        await delay(100, undefined, { signal })
      }
    }
  }

  return {
    name: 'processes',
    async ensure({ runId, slug }, signal): Promise<ServiceStatus[]> {
      if (options.entry === '' && options.url === '') return []
      const url = options.url === '' ? (await (api ??= start())).ready : options.url
      await up(url, signal)
      const latest = (await ask(url, `/api/sources/${slug}/latest`, signal)) as { data?: { runId?: string } }
      const served = latest.data?.runId ?? 'none'
      return [{ name: 'API', url, state: 'serving', detail: served === runId ? `serves ${runId}` : `serves the newer run ${served}` }]
    },
    async stop() {
      await api?.then(
        (running) => running.stop(),
        () => undefined,
      )
    },
  }
}

function readyUrl(line: string): string | null {
  try {
    const { event, url } = JSON.parse(line) as { event?: string; url?: string }
    return event === 'api-ready' && url ? url : null
  } catch {
    return null
  }
}
