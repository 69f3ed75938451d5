import type { Host } from '../hosts.ts'
import type { Random } from '../random.ts'
import type { Peer, Wording } from './wording.ts'
import { wordingOf } from './wording.ts'

/** Tries at a login that one line tells of. A line that only accompanies a try (PAM's, `Invalid user`) has none, so nothing counts twice. */
export interface Tries {
  readonly user: string
  readonly failures: number
  readonly successes: number
}

export interface Line {
  /** ms since the epoch; never earlier than the line before it. */
  readonly at: number
  readonly text: string
  /** Written by the user's own process, which has another pid than the connection's. */
  readonly byChild: boolean
  readonly tries: Tries | null
}

/** One connection to sshd, being written down: `wait` lets time pass, the rest add lines. */
export class Session {
  readonly host: Host
  readonly peer: Peer
  readonly random: Random
  readonly wording: Wording
  readonly lines: Line[] = []
  at: number

  constructor(host: Host, peer: Peer, random: Random, at: number) {
    this.host = host
    this.peer = peer
    this.random = random
    this.wording = wordingOf(host.sshd)
    this.at = Math.round(at)
  }

  wait(low: number, high: number): this {
    this.at += this.random.int(low, high)
    return this
  }

  say(...texts: readonly string[]): this {
    for (const text of texts) this.lines.push({ at: this.at, text, byChild: false, tries: null })
    return this
  }

  sayAsUser(texts: readonly string[]): this {
    for (const text of texts) this.lines.push({ at: this.at, text, byChild: true, tries: null })
    return this
  }

  failure(user: string, text: string, failures = 1): this {
    this.lines.push({ at: this.at, text, byChild: false, tries: { user, failures, successes: 0 } })
    return this
  }

  success(user: string, text: string): this {
    this.lines.push({ at: this.at, text, byChild: false, tries: { user, failures: 0, successes: 1 } })
    return this
  }
}
