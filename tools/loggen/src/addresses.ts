import type { Random } from './random.ts'

/** RFC 5737, for documentation. Only 762 usable ones, so they run out early. */
const documentation = ['192.0.2', '198.51.100', '203.0.113']
const documentationSize = documentation.length * 254

/** RFC 2544, for benchmarks: 198.18.0.0 to 198.19.191.255. The last /18 of the range is left to the subnets below. */
const benchmarkSize = 0x20000 - 0x4000

/** 198.19.192.0/24 to 198.19.254.0/24, for attacks that come from whole subnets. */
const attackSubnets = 63

/** The company's own: its hosts, and the monitoring that an allow-list would name. */
const ownSubnet = '198.19.255'
export const monitoringRange = `${ownSubnet}.192/26`

/** Hands out addresses, each to one actor only, from ranges that belong to nobody. */
export class Addresses {
  readonly #documentation: Walk
  readonly #benchmark: Walk
  readonly #subnets: Walk
  readonly #documentationShare: number
  #monitors = 0

  /**
   * `documentationShare`: of the addresses from RFC 5737. These are but three /24, so where subnets are judged few strangers may share
   * them.
   */
  constructor(random: Random, documentationShare: number) {
    this.#documentation = new Walk(documentationSize, random)
    this.#benchmark = new Walk(benchmarkSize, random)
    this.#subnets = new Walk(attackSubnets, random)
    this.#documentationShare = documentationShare
  }

  /** When the IPv4 ranges are used up, IPv6 (2001:db8::/32, RFC 3849) goes on for good. */
  next(random: Random): string {
    if (random.chance(0.06)) return ipv6(random)
    if (this.#documentation.left > 0 && random.chance(this.#documentationShare)) return documentationAddress(this.#documentation.next())
    if (this.#benchmark.left > 0) return benchmarkAddress(this.#benchmark.next())
    return ipv6(random)
  }

  /** A subnet that no other actor comes from. After 63 of IPv4 all are IPv6. */
  subnet(random: Random): Subnet {
    if (this.#subnets.left === 0 || random.chance(0.1)) {
      const network = `2001:db8:${group(random)}:${group(random)}`
      return { text: `${network}::/64`, next: () => `${network}:${group(random)}:${group(random)}:${group(random)}:${group(random)}` }
    }
    const network = `198.19.${192 + this.#subnets.next()}`
    const hosts = new Walk(253, random)
    return { text: `${network}.0/24`, next: () => `${network}.${1 + hosts.next()}` }
  }

  monitor(): string {
    return `${ownSubnet}.${193 + (this.#monitors++ % 60)}`
  }
}

/** A network, with its hosts in a scattered order. */
export interface Subnet {
  /** In CIDR: a /24, or a /64 of IPv6. */
  readonly text: string
  /** At most 250 different ones. */
  next(): string
}

export function hostAddress(index: number): string {
  return `${ownSubnet}.${1 + (index % 190)}`
}

/** Visits 0 … size − 1 once each in a scattered order, without keeping a list: steps of a length that shares no factor with the size. */
class Walk {
  readonly #size: number
  readonly #stride: number
  #position: number
  left: number

  constructor(size: number, random: Random) {
    this.#size = size
    this.#position = random.int(0, size - 1)
    let stride = random.int(Math.floor(size / 3), Math.floor(size / 2))
    while (greatestCommonDivisor(stride, size) !== 1) stride++
    this.#stride = stride
    this.left = size
  }

  next(): number {
    this.left--
    this.#position = (this.#position + this.#stride) % this.#size
    return this.#position
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function documentationAddress(index: number): string {
  return `${documentation[Math.floor(index / 254)]}.${(index % 254) + 1}`
}

function benchmarkAddress(index: number): string {
  return `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
}

/** Canonical text (RFC 5952): no group here is ever 0, so nothing is to be compressed but the run in the middle. */
function ipv6(random: Random): string {
  return `2001:db8:${group(random)}:${group(random)}::${group(random)}:${group(random)}`
}

function group(random: Random): string {
  return random.int(1, 0xffff).toString(16)
}
