import type { Host } from '../hosts.ts'
import type { Random } from '../random.ts'
import { guess, wrongPasswords } from '../sshd/guessing.ts'
import { logIn } from '../sshd/login.ts'
import { Session } from '../sshd/session.ts'
import type { Account, Leaving } from '../sshd/wording.ts'
import { failed, wordingOf } from '../sshd/wording.ts'
import type { Client, World } from '../world.ts'
import { connection } from '../world.ts'
import { HOUR } from './scenario.ts'

/** Lines of one login and logout, on average over versions. */
export const linesPerLogin = 4.5

export interface PersonOptions {
  readonly user: string
  readonly host: Host
  readonly client: Client
  readonly byKey: boolean
}

export interface Entering {
  /** Wrong passwords before, on the same connection: fewer than MaxAuthTries. */
  readonly mistakes?: number
  readonly longestMs?: number
}

/** Somebody, or a program, with an account on one host. */
export class Person {
  readonly user: string
  readonly host: Host
  readonly client: Client
  readonly #byKey: boolean
  readonly #digest: string
  readonly #random: Random

  constructor(random: Random, { user, host, client, byKey }: PersonOptions) {
    this.user = user
    this.host = host
    this.client = client
    this.#byKey = byKey
    this.#random = random
    this.#digest = this.newDigest()
  }

  connect(at: number, client = this.client): Session {
    return new Session(this.host, connection(client, this.#random), this.#random, at)
  }

  /** Of another key than the person's own. */
  newDigest(): string {
    return wordingOf(this.host.sshd).keyDigest(() => this.#random.bits())
  }

  /** By the person's own key or password, on a connection that stands. */
  enter(session: Session, { mistakes = 0, longestMs = 2 * HOUR }: Entering = {}): Session {
    if (mistakes > 0) wrongPasswords(session, this.#account, mistakes)
    const method = this.#byKey && mistakes === 0 ? 'publickey' : 'password'
    const leaving = this.#random.chance(0.85) ? 'bye' : this.#random.pick<Leaving>(['closed', 'reset', 'timeout'])
    return logIn(session, { user: this.user, method, digest: this.#digest, durationMs: this.#random.skewed(10_000, longestMs), leaving })
  }

  logIn(at: number, { client, ...entering }: Entering & { readonly client?: Client } = {}): Session {
    return this.enter(this.connect(at, client), entering)
  }

  /** Wrong passwords, and no more. */
  fail(at: number, tries: number): Session {
    return guess(this.connect(at), { account: this.#account, tries, farewell: 'closed', reverseName: null })
  }

  /** Connects and leaves again. */
  look(session: Session): Session {
    const { wording, peer } = session
    return session.wait(100, 2000).say(...wording.farewell('closed', this.#account, peer)).about(this.user)
  }

  /** A key that is not in authorized_keys, and no other way in. */
  refuseKey(session: Session, digest: string): Session {
    const { wording, peer } = session
    session.wait(50, 400).failure(this.user, failed('publickey', this.#account, peer, digest))
    return session.say(...wording.farewell('closed', this.#account, peer))
  }

  get #account(): Account {
    return { user: this.user, exists: true }
  }
}

/** A new account's owner at a new address. */
export function newPerson(world: World, random: Random, host = world.host(random)): Person {
  return new Person(random, { user: world.person(), host, client: world.client(random), byKey: random.chance(0.7) })
}
