import type { Host } from '../hosts.ts'
import type { Random } from '../random.ts'
import type { Participants, Story } from '../truth.ts'
import type { Peer, Wording } from './wording.ts'
import { wordingOf } from './wording.ts'

/** Which process of sshd writes: the connection's own, the logged-in user's, or the one that listens. */
export type Writer = 'connection' | 'user' | 'listener'

export interface Line {
  /** ms since the epoch; never earlier than the line before it. */
  readonly at: number
  readonly text: string
  readonly by: Writer
  /** Tries at a login. A line that only accompanies a try (PAM's, `Invalid user`) has none, so nothing counts twice. */
  readonly failures: number
  readonly successes: number
}

/** One connection to sshd, being written down: `wait` lets time pass, the rest add lines. */
export class Session {
  readonly host: Host
  readonly peer: Peer
  readonly random: Random
  readonly wording: Wording
  readonly lines: Line[] = []
  /** When the client connects; its first line may come later. */
  readonly begins: number
  at: number
  /** Whose login is tried; null while nobody is named. */
  user: string | null = null
  subnet: string | null = null
  /** Where it is not sshd that writes. */
  program: string | null = null
  story: Story | null = null

  constructor(host: Host, peer: Peer, random: Random, at: number) {
    this.host = host
    this.peer = peer
    this.random = random
    this.wording = wordingOf(host.sshd)
    this.begins = Math.round(at)
    this.at = this.begins
  }

  /** Whom the lines are about: only who is named in one of them. */
  get participants(): Participants {
    const { host, peer, subnet, user, story } = this
    const isNamed = (...names: readonly string[]) => this.lines.some(({ text }) => names.some((name) => text.includes(name)))
    return {
      host: host.name,
      address: isNamed(peer.address, peer.rhost) ? peer.address : null,
      subnet,
      user: user !== null && isNamed(` ${user}`) ? user : null,
      story,
    }
  }

  about(user: string): this {
    this.user = user
    return this
  }

  partOf(story: Story): this {
    this.story = story
    return this
  }

  wait(low: number, high: number): this {
    this.at += this.random.int(low, high)
    return this
  }

  say(...texts: readonly string[]): this {
    for (const text of texts) this.#add(text, 'connection')
    return this
  }

  /** What PAM's modules add; nothing on a host that runs without PAM. */
  pam(...texts: readonly string[]): this {
    return this.host.pam ? this.say(...texts) : this
  }

  sayAsUser(texts: readonly string[]): this {
    for (const text of texts) this.#add(text, 'user')
    return this
  }

  sayAsListener(...texts: readonly string[]): this {
    for (const text of texts) this.#add(text, 'listener')
    return this
  }

  failure(user: string, text: string, failures = 1): this {
    this.#add(text, 'connection', failures)
    return this.about(user)
  }

  success(user: string, text: string): this {
    this.#add(text, 'connection', 0, 1)
    return this.about(user)
  }

  #add(text: string, by: Writer, failures = 0, successes = 0): void {
    this.lines.push({ at: this.at, text, by, failures, successes })
  }
}
