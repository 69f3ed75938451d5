/** What a host runs; it sets the wording of the messages and the program's name. 9.8 split the per-connection part off as `sshd-session`. */
export type SshdVersion = '6.6' | '9.2' | '9.8'

export interface HostSpec {
  readonly name: string
  readonly sshd: SshdVersion
}

export const defaultHosts: readonly HostSpec[] = [
  { name: 'web-1.example.org', sshd: '6.6' },
  { name: 'web-2.example.org', sshd: '9.2' },
  { name: 'db-1.example.org', sshd: '9.8' },
]

/** A host of the log: hands out process ids as a kernel does, rising, wrapping, never one that is alive. */
export class Host {
  readonly name: string
  readonly sshd: SshdVersion
  readonly program: string
  readonly #limit: number
  readonly #alive = new Set<number>()
  #last: number

  constructor(spec: HostSpec, firstPid: number) {
    this.name = spec.name
    this.sshd = spec.sshd
    this.program = spec.sshd === '9.8' ? 'sshd-session' : 'sshd'
    this.#limit = spec.sshd === '6.6' ? 32768 : 4194304
    this.#last = firstPid
  }

  /** `others` processes were started on the host since the last call. */
  fork(others: number): number {
    let pid = this.#last + 1 + others
    do {
      if (pid >= this.#limit) pid = 300
      if (!this.#alive.has(pid)) break
      pid++
    } while (this.#alive.size < this.#limit - 300)
    this.#last = pid
    this.#alive.add(pid)
    return pid
  }

  exit(pid: number): void {
    this.#alive.delete(pid)
  }
}
