import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { mlflowPython } from '../python/index.ts'

/** The server needs 15 s of a free core; a busy machine gives it less. */
const START_LIMIT_MS = 300_000

export interface MlflowServer {
  readonly url: string
  readonly username: string
  readonly password: string
  stop(): Promise<void>
  /** Up again with what it had, on the same port. */
  restart(): Promise<void>
}

/**
 * A real MLflow server on a free loopback port, with its basic login on, SQLite and artifacts through itself, all in `dir`. Ready when this
 * returns. Throws PythonError, and with its log's end when it does not start.
 */
export async function startMlflow(dir: string): Promise<MlflowServer> {
  const python = await mlflowPython()
  await mkdir(dir, { recursive: true })
  const [username, password, port, log] = ['logpipe', randomBytes(16).toString('hex'), await freePort(), join(dir, 'mlflow.log')]
  const config = join(dir, 'auth.ini')
  const settings = { default_permission: 'NO_PERMISSIONS', database_uri: `sqlite:///${join(dir, 'auth.db')}`, admin_username: username, admin_password: password, auth_cache_ttl_seconds: '600' }
  const check = 'authorization_function = mlflow.server.auth:authenticate_request_basic_auth'
  await writeFile(config, ['[mlflow]', ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`), check, ''].join('\n'), { mode: 0o600 })
  const url = `http://127.0.0.1:${port}`
  const args = [
    '-I', '-m', 'mlflow', 'server', '--app-name', 'basic-auth', '--host', '127.0.0.1', '--port', String(port), '--workers', '1',
    '--backend-store-uri', `sqlite:///${join(dir, 'mlflow.db')}`, '--artifacts-destination', join(dir, 'artifacts'), '--serve-artifacts',
  ]
  const env = {
    PATH: process.env['PATH'], HOME: dir, LC_ALL: 'C.UTF-8', TZ: 'UTC',
    MLFLOW_AUTH_CONFIG_PATH: config, MLFLOW_FLASK_SERVER_SECRET_KEY: randomBytes(16).toString('hex'),
    // Seven processes more, for work that nobody gives it.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true',
  }

  let stop = (): Promise<void> => Promise.resolve()
  const start = async (): Promise<void> => {
    const file = createWriteStream(log, { flags: 'a' })
    // A group of its own: MLflow's parent process has the server as a child.
    const child = spawn(python, args, { cwd: dir, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(file)
    child.stderr.pipe(file)
    const exited = new Promise<void>((resolve) => child.once('error', () => resolve()).once('close', () => resolve()))
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // gone
      }
    }
    const killAll = (): void => kill('SIGKILL')
    process.once('exit', killAll)
    stop = async () => {
      kill('SIGTERM')
      const late = new AbortController()
      void delay(20_000, undefined, { signal: late.signal }).then(killAll, () => undefined)
      await exited
      late.abort()
      process.off('exit', killAll)
    }
    let running = true
    void exited.then(() => (running = false))
    const deadline = performance.now() + START_LIMIT_MS
    while (running && performance.now() < deadline) {
      const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5000) }).catch(() => null)
      if (answer?.ok) return
      await delay(250)
    }
    await stop()
    throw new Error(`MLflow does not start:\n${(await readFile(log, 'utf8')).slice(-4000)}`)
  }
  await start()
  return { url, username, password, stop: () => stop(), restart: start }
}
