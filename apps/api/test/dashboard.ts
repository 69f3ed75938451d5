import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type RunStatus, TERMINAL } from '@logpipe/core'
import { type Browser, chromium } from 'playwright-core'

const BIN = resolve(import.meta.dirname, '../../cli/bin/logpipe.mjs')
const CHROMIUM = '/usr/bin/chromium'
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const run = promisify(execFile)

/** Debian's Chromium; installed where it is missing, which needs root. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    const fix = 'fix: run the suite as root on Debian, or install it: apt-get install chromium'
    await run('apt-get', ['-q', 'update']).catch(() => undefined)
    await run('apt-get', ['-q', '-y', 'install', '--no-install-recommends', 'chromium'], { maxBuffer: 2 ** 26, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).catch((error: Error) => {
      throw new Error(`CHROMIUM_MISSING: ${error.message}\n  ${fix}`)
    })
  }
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: QUIET })
}

export interface Served {
  /** With the key behind the #. */
  readonly dashboard: string
  readonly origin: string
  readonly key: string
  /** Runs a command of logpipe on the same target; its `--json` data. */
  logpipe(...words: string[]): Promise<Record<string, unknown>>
  /** Drops a log by the API; its run's id. */
  drop(name: string, text: string): Promise<string>
  /** Waits for a run's end; its status. */
  ended(runId: string): Promise<string>
  stop(): Promise<void>
}

/** The real thing: `logpipe dev` in a folder of its own. */
export async function serveDashboard(more: Record<string, string> = {}): Promise<Served> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-dashboard-'))
  const env = { ...process.env, LOGPIPE_HOME: join(dir, 'home'), INIT_CWD: dir, NO_COLOR: '1', ...more }
  const child: ChildProcess = spawn(process.execPath, [BIN, 'dev', '--json'], { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const line of createInterface({ input: child.stdout! })) if (((text += line), line === '}')) break
  const { dashboard } = (JSON.parse(text) as { data: { dashboard: string } }).data
  const { origin, hash } = new URL(dashboard)
  const key = new URLSearchParams(hash.slice(1)).get('key') ?? ''
  const ask = (path: string, init: RequestInit = {}) => fetch(new URL(path, origin), { ...init, headers: { 'x-api-key': key, ...(init.headers as Record<string, string>) } })
  return {
    dashboard,
    origin,
    key,
    async logpipe(...words) {
      const { stdout } = await run(process.execPath, [BIN, ...words, '--json'], { cwd: dir, env, maxBuffer: 2 ** 26 })
      return (JSON.parse(stdout) as { data: Record<string, unknown> }).data
    },
    async drop(name, log) {
      const answer = await ask(`/api/runs?name=${encodeURIComponent(name)}`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: log })
      const said = (await answer.json()) as { data?: { runId: string } }
      if (said.data === undefined) throw new Error(JSON.stringify(said))
      return said.data.runId
    },
    async ended(runId) {
      const deadline = Date.now() + 120_000
      for (;;) {
        const { data } = (await (await ask(`/api/runs/${runId}`)).json()) as { data?: { record: { status: RunStatus }; report: object | null } }
        if (data?.report && TERMINAL.has(data.record.status)) return data.record.status
        if (Date.now() > deadline) throw new Error(`${runId} did not end: ${JSON.stringify(data)}`)
        await new Promise((later) => setTimeout(later, 100))
      }
    },
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      await rm(dir, { recursive: true, force: true })
    },
  }
}
