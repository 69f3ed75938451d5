import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import { LogpipeError } from '@logpipe/core'
import { type RunningProcess, startProcess } from '@logpipe/processes'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { z } from 'zod'
import { onInterrupt } from '../interrupt.ts'
import { type Address, lockHome, writeAddress } from './home.ts'

const moduleFile = (name: string): string => fileURLToPath(import.meta.resolve(name))
const APP_DIR = fileURLToPath(new URL('../../../functions', import.meta.url))

const HostReady = z.object({ event: z.literal('host-ready'), url: z.string(), functionKey: z.string() })
type HostReady = z.infer<typeof HostReady>

export interface EmbeddedTarget extends Address {
  readonly home: string
  /** Settles when a part ends that should be up, with its name. */
  readonly broken: Promise<string>
  stop(): Promise<void>
}

interface Api {
  readonly port: number
  readonly key: string
}

/** The API, which is the dashboard too, with what it needs to start and change runs. */
function startApi(home: string, { port, key }: Api, storage: string, host: HostReady): Promise<RunningProcess<string>> {
  return startProcess({
    name: 'API',
    entry: moduleFile('@logpipe/api/main'),
    env: { LOGPIPE_STORAGE: storage, LOGPIPE_API_KEY: key, LOGPIPE_API_PORT: String(port), LOGPIPE_FUNCTIONS_URL: host.url, LOGPIPE_FUNCTIONS_KEY: host.functionKey },
    logFile: join(home, 'logs', 'api.log'),
    ready: (line) => (line.includes('"api-ready"') ? line : null),
  })
}

/** The functions host with the app in it, on a loopback port; `env` on top of what every host needs. */
export function startHost(home: string, port: number, storage: string, env: Record<string, string>): Promise<RunningProcess<HostReady>> {
  return startProcess({
    name: 'functions host',
    entry: moduleFile('@logpipe/local-host/main'),
    args: ['--app', APP_DIR, '--state', join(home, 'host'), '--port', String(port)],
    env: {
      AzureWebJobsStorage: storage,
      LOGPIPE_STORAGE: storage,
      LOGPIPE_WORK_DIR: join(home, 'work'),
      ...env,
    },
    logFile: join(home, 'logs', 'host.log'),
    ready: (line) => {
      try {
        return HostReady.parse(JSON.parse(line))
      } catch {
        return null
      }
    },
  })
}

/** A loopback port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

/** What the host is told here; `api` is one that is up, or comes up, beside it, else the services stage starts one. */
const embeddedSettings = (api: Api | null): Record<string, string> => ({
  LOGPIPE_TARGET: 'embedded',
  LOGPIPE_API_KEY: api?.key ?? randomBytes(24).toString('base64url'),
  ...(api === null ? { LOGPIPE_API_ENTRY: moduleFile('@logpipe/api/main') } : { LOGPIPE_API_URL: `http://127.0.0.1:${api.port}` }),
})

/** A port that was asked for is tried first, so that the error names it. Throws PORT_TAKEN. */
async function checkPort(port: number): Promise<void> {
  if (port === 0) return
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    throw new LogpipeError('PORT_TAKEN', { port }, { cause: error })
  } finally {
    server.close()
  }
}

/**
 * Storage and, unless `storageOnly`, the functions host with the app in it, and with `serve` the API and its dashboard, on free loopback ports. Holds `home` until `stop`, which ends
 * the host first and storage last, since the host still writes while it drains. Throws PORT_TAKEN, TARGET_LOCKED, TARGET_START_FAILED.
 */
export async function startEmbedded(home: string, options: { storageOnly?: boolean; storagePort?: number; hostPort?: number; serve?: boolean; apiPort?: number } = {}): Promise<EmbeddedTarget> {
  for (const port of [options.storagePort ?? 0, options.hostPort ?? 0, options.apiPort ?? 0]) await checkPort(port)
  const lock = await lockHome(home)
  if ('heldBy' in lock) throw new LogpipeError('TARGET_LOCKED', { home, pid: lock.heldBy })
  // Promises, so that an interrupt in the middle of the start waits for what is being started and ends it too.
  let storage: Promise<Azurite> | undefined
  let hosting: Promise<RunningProcess<HostReady>> | undefined
  let serving: Promise<RunningProcess<string>> | undefined
  let stopped: Promise<void> | undefined
  const ended = (part: Promise<{ stop(): Promise<void> }> | undefined): Promise<void> | undefined => part?.then((running) => running.stop(), () => undefined)
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      await ended(serving)
      await ended(hosting)
      await ended(storage)
      lock.release()
    })()
    return stopped
  }
  onInterrupt(stop)
  try {
    storage = startAzurite({ dir: join(home, 'storage'), logFile: join(home, 'logs', 'azurite.log'), port: options.storagePort ?? 0 })
    const azurite = await storage
    // Any client may be the first to upload: the containers are there from the start.
    await createBlobStore(await connectBlobService(azurite.connection)).ensureContainers()
    // Host and API each know the other's address: that of the API is settled first.
    const api = options.serve === true ? { port: options.apiPort || (await freePort()), key: randomBytes(24).toString('base64url') } : null
    if (!options.storageOnly) hosting = startHost(home, options.hostPort ?? 0, azurite.connection, embeddedSettings(api))
    const host = await hosting
    if (host && api) serving = startApi(home, api, azurite.connection, host.ready)
    const served = await serving
    const address: Address = { pid: process.pid, storage: azurite.connection, hostUrl: host?.ready.url ?? '', hostKey: host?.ready.functionKey ?? '', dashboard: api === null ? '' : `http://127.0.0.1:${api.port}/#key=${api.key}` }
    if (host) await writeAddress(home, address)
    const broken = Promise.race([azurite.exited.then((how) => `storage (Azurite): ${how}`), ...(host ? [host.exited.then((how) => `functions host: ${how}`)] : []), ...(served ? [served.exited.then((how) => `API: ${how}`)] : [])])
    return { ...address, home, broken, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
