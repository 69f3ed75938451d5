import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { injectCoreApi } from './app/core-api.ts'
import { usableFunctions } from './app/functions.ts'
import { createInvoke } from './app/invoke.ts'
import { loadApp } from './app/load-app.ts'
import { createDurableApi } from './durable/api.ts'
import { clientData, type ClientAddress } from './durable/client-data.ts'
import { Engine } from './durable/engine.ts'
import { createDispatch } from './http/dispatch.ts'
import { closeServer, listen, unavailable } from './http/server.ts'
import { readHostJson } from './settings/host-json.ts'
import { applySettings, readLocalSettings } from './settings/local-settings.ts'
import { openDatabase } from './state/database.ts'
import { keptKey } from './state/key.ts'
import { lockState } from './state/lock.ts'
import { BlobReceipts } from './triggers/blob-receipts.ts'
import { BlobTriggers } from './triggers/blob.ts'
import { createTimerTrigger } from './triggers/timer.ts'
import type { Host, HostOptions, Log } from './types.ts'

const defaultBodyLimit = 104_857_600
const defaultKeepEndedMs = 30 * 86_400_000

/** What is to be undone, in the reverse order of how it was done. */
type Undo = () => void | Promise<void>

/**
 * Loads a Functions app and runs it: HTTP, timers, blobs and the durable engine. Once a process (HOST_ALREADY_STARTED), one at a time on
 * a state folder (HOST_STATE_LOCKED). What the app needs and the host lacks is refused here, by name. Throws HostError.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const undo: Undo[] = []
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= unwind(undo))
  try {
    options.signal?.throwIfAborted()
    const host = await start(options, undo)
    options.signal?.addEventListener('abort', () => void stop(), { once: true })
    return { ...host, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function unwind(undo: Undo[]): Promise<void> {
  for (const step of undo.reverse()) await step()
}

async function start(options: HostOptions, undo: Undo[]): Promise<Omit<Host, 'stop'>> {
  const appDir = resolve(options.appDir)
  const stateDir = resolve(options.stateDir)
  const log: Log = options.log ?? (() => undefined)
  const drainMs = options.drainMs ?? 10_000

  applySettings({ ...(await readLocalSettings(appDir)), FUNCTIONS_WORKER_RUNTIME: 'node', AZURE_FUNCTIONS_ENVIRONMENT: 'Development' })
  process.env['AzureWebJobsStorage'] = options.storage
  const settings = await readHostJson(appDir)

  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const lock = lockState(stateDir)
  undo.push(() => lock.release())
  const db = openDatabase(stateDir, log)
  undo.push(() => db.close())

  // The server is there first, for the app asks for its address while it loads; it answers 503 until everything is.
  const { server, port, serve } = await listen(options.port ?? 0, log)
  undo.push(() => closeServer(server, drainMs))
  const address: ClientAddress = {
    url: `http://127.0.0.1:${port}`,
    hubName: settings.hubName,
    functionKey: options.functionKey ?? keptKey(stateDir),
    rpcBaseUrl: `http://127.0.0.1:${port}/durabletask/${randomBytes(24).toString('base64url')}/`,
  }
  // Without it durable-functions sends people to port 7071.
  process.env['WEBSITE_HOSTNAME'] = `127.0.0.1:${port}`
  keepLoopbackFromProxies()

  const registry = injectCoreApi((level, _, message) => log({ level: level === 'error' || level === 'critical' ? 'error' : 'debug', event: 'worker-log', message }))
  await loadApp(appDir, registry)
  undo.push(() => registry.runHooks('appTerminate', { hookData: {}, appHookData: registry.appHookData }))
  const functions = usableFunctions(registry)
  const invoke = createInvoke(registry, log, () => clientData(address), settings.functionTimeoutMs)

  const engine = new Engine({
    db,
    invoke,
    functions,
    maxConcurrentActivities: settings.maxConcurrentActivities,
    maxDeliveries: settings.maxDequeueCount,
    keepEndedMs: options.keepEndedMs ?? defaultKeepEndedMs,
    log,
  })
  const blobs = new BlobTriggers(
    {
      receipts: new BlobReceipts(db),
      invoke,
      log,
      pollMs: options.pollMs ?? 500,
      parallelism: settings.blobParallelism,
      maxDequeueCount: settings.maxDequeueCount,
      redeliveryDelayMs: settings.redeliveryDelayMs,
    },
    functions.values(),
  )
  const timers = new Map([...functions.values()].filter((fn) => fn.kind === 'timer').map((fn) => [fn.name, createTimerTrigger(db, invoke, log, fn)]))
  const durable = createDurableApi(engine, () => address)
  const dispatch = createDispatch({
    functions,
    timers,
    blobs,
    invoke,
    durable,
    log,
    routePrefix: settings.routePrefix,
    functionKey: address.functionKey,
    rpcPath: new URL(address.rpcBaseUrl).pathname,
    bodyLimit: Number(process.env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] ?? defaultBodyLimit),
    maxConcurrentRequests: settings.maxConcurrentRequests,
    maxOutstandingRequests: settings.maxOutstandingRequests,
  })

  serve(dispatch)
  undo.push(async () => {
    // Running functions may still talk to the durable engine; nobody else gets in.
    serve((request, url) => (url.href.startsWith(address.rpcBaseUrl) ? dispatch(request, url) : Promise.resolve(unavailable)))
    await Promise.all([blobs.stop(drainMs), engine.stop(drainMs), ...[...timers.values()].map((timer) => timer.stop(drainMs))])
  })
  engine.run()
  for (const timer of timers.values()) timer.run()
  const ready = blobs.run()
  log({ level: 'info', event: 'host-started', message: `${functions.size} functions at ${address.url}`, url: address.url, functions: [...functions.keys()] })
  return { url: address.url, functionKey: address.functionKey, ready }
}

/** The durable client calls the host over HTTP; a proxy of the environment must not get in between. */
function keepLoopbackFromProxies(): void {
  for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = [process.env[name], '127.0.0.1', 'localhost'].filter(Boolean).join()
}
