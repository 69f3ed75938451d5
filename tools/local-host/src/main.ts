import { Console } from 'node:console'
import { parseArgs } from 'node:util'
import { HostError, messageOf } from './errors.ts'
import { startHost } from './host.ts'
import type { Host, Log } from './types.ts'

/**
 * node src/main.ts --app DIR --state DIR [--port N] [--poll-ms N] [--drain-ms N] [--keep-days N]. Storage comes from AzureWebJobsStorage. stdout carries one JSON line, host-ready or
 * host-failed; everything else, the app's console too, goes to stderr as JSON lines. Exit codes: 0 stopped, 3 not started.
 */
globalThis.console = new Console(process.stderr, process.stderr)
const log: Log = (entry) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
const say = (line: Record<string, unknown>): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const { values } = parseArgs({
  options: {
    app: { type: 'string' },
    state: { type: 'string' },
    port: { type: 'string', default: '0' },
    'poll-ms': { type: 'string', default: '500' },
    'drain-ms': { type: 'string', default: '10000' },
    'keep-days': { type: 'string', default: '30' },
  },
})

const aborter = new AbortController()
let host: Host | undefined
let stopping = false

async function stop(why: string): Promise<void> {
  // The second request does not wait.
  if (stopping) process.exit(0)
  stopping = true
  log({ level: 'info', event: 'host-stopping', message: why })
  aborter.abort()
  await host?.stop()
  process.exit(0)
}

process.on('SIGTERM', () => void stop('SIGTERM'))
process.on('SIGINT', () => void stop('SIGINT'))
// The parent is gone, also when it was killed: no host is left behind.
process.on('disconnect', () => void stop('the parent process has gone'))
process.on('unhandledRejection', (error) => log({ level: 'error', event: 'app-unhandled', message: messageOf(error), stack: error instanceof Error ? error.stack : undefined }))

try {
  const storage = process.env['AzureWebJobsStorage']
  if (!values.app || !values.state) throw new HostError('HOST_SETTING_INVALID', { setting: '--app and --state', detail: 'both are needed' })
  if (!storage) throw new HostError('HOST_SETTING_INVALID', { setting: 'AzureWebJobsStorage', detail: 'it is not set' })
  host = await startHost({
    appDir: values.app,
    stateDir: values.state,
    storage,
    port: Number(values.port),
    pollMs: Number(values['poll-ms']),
    drainMs: Number(values['drain-ms']),
    keepEndedMs: Number(values['keep-days']) * 86_400_000,
    log,
    signal: aborter.signal,
  })
  say({ event: 'host-ready', url: host.url, functionKey: host.functionKey, pid: process.pid })
} catch (error) {
  log({ level: 'error', event: 'host-failed', message: messageOf(error), stack: error instanceof Error ? error.stack : undefined })
  say({ event: 'host-failed', ...(error instanceof HostError ? error.toDocument() : { message: messageOf(error) }) })
  process.exitCode = 3
  setImmediate(() => process.exit())
}
