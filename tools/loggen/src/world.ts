import type { Subnet } from './addresses.ts'
import { Addresses, hostAddress } from './addresses.ts'
import type { HostSpec } from './hosts.ts'
import { Host } from './hosts.ts'
import { daemonAccounts, personName, serviceName, systemAccounts } from './names.ts'
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
  #services = 0

  constructor(seed: number, hosts: readonly HostSpec[], documentationShare: number) {
    const random = new Random(seed, 'world')
    this.hosts = hosts.map((spec, index) => new Host(spec, random.int(900, 30000), hostAddress(index)))
    this.#addresses = new Addresses(random, documentationShare)
  }

  host(random: Random): Host {
    return this.hosts[random.int(0, this.hosts.length - 1)]!
  }

  /** One of those that fit; any host where none does. */
  hostWhere(random: Random, fits: (host: Host) => boolean): Host {
    const fitting = this.hosts.filter(fits)
    return fitting.length === 0 ? this.host(random) : fitting[random.int(0, fitting.length - 1)]!
  }

  /** One host, or at times several: whoever scans does not stop at the first. */
  targets(random: Random): readonly [Host, ...Host[]] {
    const first = this.host(random)
    return random.chance(0.75) ? [first] : [first, ...this.hosts.filter((host) => host !== first && random.chance(0.5))]
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

  /** Clients of one network that nobody else comes from; at most 250. */
  subnet(random: Random): { readonly text: string; next(): Client } {
    const subnet: Subnet = this.#addresses.subnet(random)
    return { text: subnet.text, next: () => plainClient(subnet.next()) }
  }

  /** The next of the monitoring machines, all within `monitoringRange`. */
  monitor(): Client {
    return plainClient(this.#addresses.monitor())
  }

  /** Accounts of people so far. */
  get people(): number {
    return this.#people
  }

  /** The account of a program that has none yet. */
  service(): string {
    return serviceName(this.#services++)
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

function plainClient(address: string): Client {
  return { address, rhost: address, reverseName: null }
}

const existing: ReadonlySet<string> = new Set([...systemAccounts, ...daemonAccounts])

export function accountOf(user: string): Account {
  return { user, exists: existing.has(user) }
}
