import { spawn } from 'node:child_process'

export interface Ran {
  /** Null where the program is not there or was killed. */
  readonly code: number | null
  /** Both streams; the last 64 KiB. */
  readonly output: string
}

export interface RunOptions {
  /** Added to this process's own. */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Ended by SIGTERM after so long, in ms. */
  readonly timeout?: number
}

const KEPT = 65_536

/** Runs a program to its end; never throws. */
export function run(command: string, args: readonly string[], { env, ...options }: RunOptions = {}): Promise<Ran> {
  return new Promise(resolve => {
    let output = ''
    const child = spawn(command, args, { ...options, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-KEPT))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', error => resolve({ code: null, output: error.message }))
    child.once('close', code => resolve({ code, output }))
  })
}
