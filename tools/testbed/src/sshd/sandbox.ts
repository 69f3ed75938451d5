import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface SandboxFile {
  readonly path: string
  readonly text: string
  readonly mode: number
  /** Owner of the file and its folder; null leaves both to root. */
  readonly owner: string | null
}

export interface SandboxSpec {
  /** Commands that make the accounts, each with its standard input. */
  readonly accounts: readonly { readonly run: readonly string[]; readonly input: string }[]
  readonly files: readonly SandboxFile[]
  /** Commands that put a daemon into the background. */
  readonly daemons: readonly (readonly string[])[]
}

/** A datagram that a program sent to /dev/log, bytes as latin-1, and when it came (ms since the epoch). */
export interface Datagram {
  readonly text: string
  readonly at: number
}

export interface Sandbox {
  readonly datagrams: readonly Datagram[]
  /** Runs a command inside and returns what it printed; throws when it fails. */
  run(...argv: string[]): Promise<string>
  /** Names of the processes that run inside. */
  alive(): Promise<string[]>
  stop(): Promise<void>
}

type Message = { ready: true } | { log: string; at: number } | { id: number; code: number; output: string }

const NAMESPACE = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private']

/**
 * Starts sandbox.py in namespaces of its own. It ends when `stop` is called and also when this process dies, by the end of its stdin.
 * @param dir an own folder, which is visible inside too.
 */
export async function startSandbox(spec: SandboxSpec, dir: string): Promise<Sandbox> {
  const specFile = join(dir, 'sandbox.json')
  await writeFile(specFile, JSON.stringify(spec), { mode: 0o600 })
  const script = fileURLToPath(new URL('./sandbox.py', import.meta.url))
  // The zone of the log's year-less times, and no other setting of the person who runs this.
  const env = { PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C.UTF-8' }
  const child = spawn('unshare', [...NAMESPACE, 'python3', script, specFile], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const datagrams: Datagram[] = []
  const answers = new Map<number, (message: { code: number; output: string }) => void>()
  let complaints = ''
  let ready: () => void
  const started = new Promise<void>(resolve => (ready = resolve))
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line) as Message
    if ('log' in message) datagrams.push({ text: message.log, at: message.at * 1000 })
    else if ('id' in message) answers.get(message.id)?.(message)
    else ready()
  })
  const ended = new Promise<void>(resolve => void child.once('close', () => resolve()))
  const failed = ended.then((): never => {
    throw new Error(`the sandbox has ended: ${complaints}`)
  })
  failed.catch(() => undefined)

  let lastId = 0
  const ask = (request: object): Promise<{ code: number; output: string }> => {
    const id = ++lastId
    const answer = new Promise<{ code: number; output: string }>(resolve => answers.set(id, resolve))
    child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
    return Promise.race([answer, failed])
  }
  await Promise.race([started, failed])
  return {
    datagrams,
    async run(...argv) {
      const { code, output } = await ask({ run: argv })
      if (code !== 0) throw new Error(`${argv.join(' ')}: exit code ${code}: ${output}`)
      return output
    },
    async alive() {
      const { output } = await ask({ alive: true })
      return output.split('\n').filter(name => name !== '')
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

/** Waits until `condition` holds; throws when it does not within `limitMs`. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await condition()); await delay(20)) {
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`)
  }
}
