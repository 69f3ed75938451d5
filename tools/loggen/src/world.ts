import { Addresses } from './addresses.ts'
import type { HostSpec } from './hosts.ts'
import { Host } from './hosts.ts'
import { personName, systemAccounts } from './names.ts'
import { Random } from './random.ts'
import type { Account, Peer } from './sshd/wording.ts'

/** A machine somewhere that talks to sshd. */
export interface Client {
  readonly address: string
  /** What PAM calls it. */
  readonly rhost: string
  /** A reverse name that does not lead back, else null. */
  readonly reverseName: string | null
}

/** What all actors of one log share: hosts, and the supply of addresses and people. */
export class World {
  readonly hosts: readonly Host[]
  readonly #addresses: Addresses
  #people = 0

  constructor(seed: number, hosts: readonly HostSpec[]) {
    const random = new Random(seed, 'world')
    this.hosts = hosts.map((spec) => new Host(spec, random.int(900, 30000)))
    this.#addresses = new Addresses(random)
  }

  host(random: Random): Host {
    return this.hosts[random.int(0, this.hosts.length - 1)]!
  }

  /** A new client. Its address belongs to no other. */
  client(random: Random): Client {
    const address = this.#addresses.next(random)
    const named = !address.includes(':') && random.chance(0.2)
    const name = `host-${address.replaceAll('.', '-')}.dsl.example.net`
    if (!named) return { address, rhost: address, reverseName: null }
    // A name that does not lead back makes sshd distrust it, so that PAM is given the bare address.
    return random.chance(0.5) ? { address, rhost: address, reverseName: name } : { address, rhost: name, reverseName: null }
  }

  /** The account of a person who has none yet. */
  person(): string {
    return personName(this.#people++)
  }
}

/** One more connection of a client, from a port of its own. */
export function connection(client: Client, random: Random): Peer {
  return { address: client.address, rhost: client.rhost, port: random.int(1025, 65535) }
}

export function accountOf(user: string): Account {
  return { user, exists: (systemAccounts as readonly string[]).includes(user) }
}
