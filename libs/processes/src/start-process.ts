import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { LogpipeError } from '@logpipe/core'

export interface ProcessOptions<T> {
  /** As people call it, e.g. `storage (Azurite)`. */
  readonly name: string
  /** A Node module. */
  readonly entry: string
  readonly args?: readonly string[]
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Everything the process prints goes here. */
  readonly logFile: string
  /** Looks at each line of stdout until one says that the process is ready. */
  readonly ready: (line: string) => T | null
  readonly startTimeoutMs?: number
}

export interface RunningProcess<T> {
  readonly ready: T
  readonly pid: number
  /** Settles when the process is gone, with its exit code or signal as text. */
  readonly exited: Promise<string>
  /** SIGTERM once, then waits; SIGKILL only after `graceMs`. */
  stop(graceMs?: number): Promise<void>
}

const gone = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })

/**
 * Starts a Node child in a session of its own, so that Ctrl-C in the terminal reaches only us and children are stopped in order. It holds an
 * IPC channel: a child ends by itself when we are killed (it watches `disconnect`). Throws TARGET_START_FAILED.
 */
export async function startProcess<T>(options: ProcessOptions<T>): Promise<RunningProcess<T>> {
  const { name: part, logFile: log } = options
  await mkdir(dirname(log), { recursive: true })
  const file = createWriteStream(log, { flags: 'a', mode: 0o600 })
  const child = fork(options.entry, options.args ?? [], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
    execArgv: [],
  })
  const exited = gone(child)
  child.stderr?.pipe(file, { end: false })
  void exited.then(() => file.end())

  const stop = async (graceMs = 15_000): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const grace = new AbortController()
    const late = delay(graceMs, 'late', { signal: grace.signal }).catch(() => 'ended')
    if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL')
    grace.abort()
    await exited
  }

  const firstWord = new Promise<T>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = options.ready(line)
      if (found !== null) resolve(found)
      // The line that says "ready" may carry a key: it stays out of the log.
      else file.write(`${line}\n`)
    })
  })
  const waiting = new AbortController()
  const seconds = (options.startTimeoutMs ?? 30_000) / 1000
  try {
    const ready = await Promise.race([
      firstWord,
      exited.then((how): never => {
        throw new LogpipeError('TARGET_START_FAILED', { part, detail: `it ended at once (${how})`, log })
      }),
      delay(seconds * 1000, undefined, { signal: waiting.signal }).then((): never => {
        throw new LogpipeError('TARGET_START_FAILED', { part, detail: `it said nothing for ${seconds} s`, log })
      }),
    ])
    return { ready, pid: child.pid!, exited, stop }
  } catch (error) {
    await stop(1000)
    throw error
  } finally {
    waiting.abort()
  }
}
