import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll } from 'vitest'

const BIN = resolve(import.meta.dirname, '../bin/logpipe.mjs')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command with a home of the test file's own. */
export function useHome(): { readonly dir: string; start(words: string[], env?: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> }; logpipe(...words: string[]): Promise<Ended> } {
  let dir = ''
  const children = new Set<ChildProcess>()
  afterEach(() => {
    for (const child of children) child.kill('SIGTERM') // what a failed test left
    children.clear()
  })
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'logpipe-cli-'))
  })
  afterAll(async () => {
    const left = await leftovers(dir)
    await rm(dir, { recursive: true, force: true })
    if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`)
  })
  const start = (words: string[], env: Record<string, string> = {}) => {
    const { FORCE_COLOR: _nx, ...inherited } = process.env // Nx sets it; it would fight with NO_COLOR
    const child = spawn(process.execPath, [BIN, ...words], { cwd: dir, env: { ...inherited, LOGPIPE_HOME: join(dir, 'home'), NO_COLOR: '1', INIT_CWD: dir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    child.once('close', () => children.delete(child))
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })))
    return { child, ended }
  }
  return {
    get dir() {
      return dir
    },
    start,
    logpipe: (...words) => start(words).ended,
  }
}

/** Command lines of processes that still work in `dir`, after a moment to end by themselves. */
export async function leftovers(dir: string, patienceMs = 5000): Promise<string[]> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const found: string[] = []
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      if (command.includes(dir) || environment.includes(`LOGPIPE_HOME=${dir}`)) found.push(`${pid} ${command.replaceAll('\0', ' ')}`)
    }
    if (found.length === 0 || Date.now() > deadline) return found
    await delay(100)
  }
}
