/** What a host runs: it sets the wording of the messages, and the program's name. 9.8 split off the part for a connection as `sshd-session`. */
export const sshdVersions = ['6.6', '7.4', '8.9', '9.2', '9.8'] as const
export type SshdVersion = (typeof sshdVersions)[number]

export interface HostSpec {
  readonly name: string
  readonly sshd: SshdVersion
  /** UsePAM; without it sshd's own lines stand alone. Default true. */
  readonly pam?: boolean
}

export const defaultHosts: readonly HostSpec[] = [
  { name: 'web-1.example.org', sshd: '6.6' },
  { name: 'web-2.example.org', sshd: '9.2' },
  { name: 'db-1.example.org', sshd: '9.8' },
]

/** More of a company's hosts: every version, one of them without PAM. */
export const variedHosts: readonly HostSpec[] = [
  ...defaultHosts,
  { name: 'ci-1.example.org', sshd: '8.9' },
  { name: 'old-1.example.org', sshd: '7.4' },
  { name: 'edge-1.example.org', sshd: '9.2', pam: false },
]

/** A host of the log: hands out process ids as a kernel does, rising, wrapping, never one that is alive. */
export class Host {
  readonly name: string
  readonly sshd: SshdVersion
  readonly program: string
  readonly pam: boolean
  /** Its own address. */
  readonly address: string
  /** The process that takes connections; it lives as long as the log. */
  readonly listener: { readonly host: Host; readonly program: string; readonly pid: number }
  readonly #limit: number
  readonly #alive = new Set<number>()
  #last: number

  constructor(spec: HostSpec, firstPid: number, address: string) {
    this.name = spec.name
    this.sshd = spec.sshd
    this.program = spec.sshd === '9.8' ? 'sshd-session' : 'sshd'
    this.#limit = spec.sshd === '6.6' ? 32768 : 4194304
    this.pam = spec.pam ?? true
    this.address = address
    this.#last = firstPid
    this.listener = { host: this, program: 'sshd', pid: 800 + (firstPid % 97) }
    this.#alive.add(this.listener.pid)
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
