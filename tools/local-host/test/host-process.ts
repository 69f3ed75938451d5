import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const here = import.meta.dirname
const noStorage = 'DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;BlobEndpoint=http://127.0.0.1:9/none;'

export interface LogLine {
  event: string
  message: string
  [field: string]: unknown
}

/** What is known of an instance through the management API. */
export interface InstanceStatus {
  runtimeStatus: string
  output: unknown
  customStatus: unknown
  input: unknown
  historyEvents: Record<string, unknown>[] | null
}

/** A folder of its own for the state and the effects of a test. */
export function tempHome(): { state: string; effects(): string[]; path(name: string): string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'local-host-'))
  const path = (name: string): string => join(dir, name)
  const effects = (): string[] => (existsSync(path('effects')) ? readFileSync(path('effects'), 'utf8').split('\n').slice(0, -1) : [])
  return { state: path('state'), effects, path, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

export interface HostProcess {
  url: string
  key: string
  log: LogLine[]
  child: ChildProcessByStdio<null, Readable, Readable>
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  status(id: string, query?: string): Promise<InstanceStatus>
  stop(): Promise<number | null>
  kill(): Promise<void>
}

export interface HostFailure {
  exit: number | null
  code: string | undefined
  cause: string | undefined
}

interface StartOptions {
  storage?: string
  env?: Record<string, string>
  args?: string[]
}

/** Runs an app of test/apps by the real main.ts in a process of its own; rejects with the printed failure when it does not start. */
export async function startHostProcess(app: string, home: ReturnType<typeof tempHome>, options: StartOptions = {}): Promise<HostProcess> {
  const args = [join(here, '../src/main.ts'), '--app', join(here, 'apps', app), '--state', home.state, '--poll-ms', '50', ...(options.args ?? [])]
  const env = { ...process.env, AzureWebJobsStorage: options.storage ?? noStorage, EFFECTS: home.path('effects'), ...options.env }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }) as HostProcess['child']
  const exited = once(child, 'exit') as Promise<[number | null]>
  const log: LogLine[] = []
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line.startsWith('{') ? (JSON.parse(line) as LogLine) : { event: 'stderr', message: line }))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const said = JSON.parse(line) as { event: string; url: string; functionKey: string; code?: string; cause?: string }
  if (said.event !== 'host-ready') {
    const [exit] = await exited
    throw Object.assign(new Error(line), { exit, code: said.code, cause: said.cause } satisfies HostFailure)
  }
  const { url, functionKey: key } = said

  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(url + path, { method, headers: { 'x-functions-key': key }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text }
  }
  return {
    url,
    key,
    log,
    child,
    call,
    status: async (id, query = '') => (await call('GET', `/runtime/webhooks/durabletask/instances/${encodeURIComponent(id)}?${query}`)).body as InstanceStatus,
    async stop() {
      child.kill('SIGTERM')
      return (await exited)[0]
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
