import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Instance } from './instances.ts'
import type { KeyPair } from './keys.ts'
import { RawConnection } from './raw.ts'
import { CLIENT } from './requirements.ts'
import { until } from './sandbox.ts'

export interface Login {
  readonly user: string
  readonly keys?: readonly KeyPair[]
  /** What is typed at the prompts for a password, one each. When they are used up the client keeps its user waiting. */
  readonly passwords?: readonly string[]
  /** Further `-o` options. */
  readonly options?: readonly string[]
  /** Further arguments, such as `-tt`. */
  readonly args?: readonly string[]
  readonly command?: string
  /** Authentication methods in order; all that keys and passwords allow, when left out. */
  readonly methods?: string
  readonly program?: 'ssh' | 'sftp'
  readonly input?: string
}

/** A client that runs; `done` gives its exit code, and -1 when it was killed. */
export interface RunningClient {
  readonly done: Promise<number>
  /** Its user was asked for a password and does not answer. */
  asked(): Promise<void>
  /** It has printed this. */
  said(text: string): Promise<void>
  /** Cuts the TCP connection, with FIN or with RST. */
  cut(how: 'close' | 'reset'): void
  /** sshd has closed the connection. */
  closed(): Promise<void>
  /** Stops the client without ending it, as a machine that has lost its network. */
  freeze(): void
  kill(): void
}

const ASKPASS = `#!/bin/sh
if [ ! -s "$LOGPIPE_ANSWERS" ]; then
  : > "$LOGPIPE_ANSWERS.asked"
  exec sleep 60
fi
head -n 1 "$LOGPIPE_ANSWERS"
sed -i 1d "$LOGPIPE_ANSWERS"
`

export async function writeAskpass(dir: string): Promise<void> {
  await writeFile(join(dir, 'askpass'), ASKPASS, { mode: 0o700 })
}

/** Clients of one step: all its connections come from one address that no other step has, and their ports are known. */
export class Client {
  /** Source ports in the order in which the connections were made. */
  readonly ports: number[] = []
  /** User names that were tried. */
  readonly users = new Set<string>()
  readonly address: string
  readonly instance: Instance
  readonly #dir: string
  readonly #closing: (() => void)[] = []

  constructor(dir: string, instance: Instance, address: string) {
    this.#dir = dir
    this.instance = instance
    this.address = address
  }

  /** Runs a client to its end. */
  async login(login: Login): Promise<number> {
    return (await this.start(login)).done
  }

  async start(login: Login): Promise<RunningClient> {
    const { user, keys = [], passwords = [], options = [], args = [], command = 'true', program = 'ssh' } = login
    this.users.add(user)
    const relay = await this.#relay()
    const dir = await mkdtemp(join(this.#dir, 'login-'))
    const answers = join(dir, 'answers')
    await writeFile(answers, passwords.map(password => `${password}\n`).join(''), { mode: 0o600 })
    const methods = login.methods ?? [...(keys.length > 0 ? ['publickey'] : []), 'password'].join(',')
    const settings = [
      ...options,
      `PreferredAuthentications=${methods}`,
      `NumberOfPasswordPrompts=${Math.max(1, passwords.length)}`,
      ...['IdentitiesOnly=yes', 'IdentityAgent=none', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'GlobalKnownHostsFile=/dev/null'],
      ...['LogLevel=ERROR', 'ConnectTimeout=15', `User="${user}"`],
    ]
    const target = program === 'sftp' ? ['-P', String(relay.port), '127.0.0.1'] : ['-p', String(relay.port), '127.0.0.1', ...(command === '' ? [] : [command])]
    const child = spawn(
      program === 'sftp' ? `${CLIENT.slice(0, -3)}sftp` : CLIENT,
      ['-F', 'none', ...settings.flatMap(setting => ['-o', setting]), ...keys.flatMap(({ file }) => ['-i', file]), ...args, ...target],
      {
        // A group of its own: the password helper is killed with it.
        detached: true,
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH, HOME: dir, SSH_ASKPASS: join(this.#dir, 'askpass'), SSH_ASKPASS_REQUIRE: 'force', LOGPIPE_ANSWERS: answers },
      },
    )
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stdin.on('error', () => undefined)
    child.stdin.end(login.input ?? '')
    const signal = (name: NodeJS.Signals) => (): void => {
      try {
        process.kill(-child.pid!, name)
      } catch {
        // The group has ended.
      }
    }
    const kill = signal('SIGKILL')
    this.#closing.push(kill)
    const done = new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', code => resolve(code ?? -1))
    })
    return {
      done,
      asked: () => until(`${user} is asked for a password`, () => existsSync(`${answers}.asked`)),
      said: text => until(`the client prints ${text}`, () => output.includes(text)),
      cut: relay.cut,
      closed: () => until('sshd closes the connection', relay.closed),
      freeze: signal('SIGSTOP'),
      kill,
    }
  }

  /** A TCP connection without an SSH client. */
  async connect(): Promise<RawConnection> {
    const socket = connect({ host: this.#server, port: this.instance.port, localAddress: this.address })
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    this.ports.push(socket.localPort!)
    this.#closing.push(() => socket.destroy())
    return new RawConnection(socket)
  }

  end(): void {
    for (const close of this.#closing) close()
  }

  get #server(): string {
    return this.address.includes(':') ? '::1' : '127.0.0.1'
  }

  /** A port that passes its connections on to sshd, from this step's address: it knows the source port and can cut. */
  async #relay(): Promise<{ port: number; cut(how: 'close' | 'reset'): void; closed(): boolean }> {
    const sockets: Socket[] = []
    const server: Server = createServer(inner => {
      const outer = connect({ host: this.#server, port: this.instance.port, localAddress: this.address })
      outer.once('connect', () => this.ports.push(outer.localPort!))
      sockets.push(outer)
      inner.pipe(outer).pipe(inner)
      inner.on('error', () => outer.destroy())
      outer.on('error', () => inner.destroy())
      inner.on('close', () => outer.destroySoon())
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    this.#closing.push(() => {
      server.close()
      for (const socket of sockets) socket.destroy()
    })
    const cut = (how: 'close' | 'reset'): void => {
      for (const socket of sockets) {
        if (how === 'reset') socket.resetAndDestroy()
        else socket.destroy()
      }
    }
    return { port: (server.address() as AddressInfo).port, cut, closed: () => sockets.length > 0 && sockets.every(({ destroyed, readableEnded }) => destroyed || readableEnded) }
  }
}
