import { canonicalAddress } from '../silver/address.ts'

const WIDTH = { 4: 8, 6: 16 } as const

/** 4 or 6, then the bits of a canonical address. */
function bitsOf(address: string): string {
  const v6 = address.includes(':')
  const width = WIDTH[v6 ? 6 : 4]
  const bits = (parts: readonly string[]): string => parts.map((part) => Number.parseInt(part, v6 ? 16 : 10).toString(2).padStart(width, '0')).join('')
  if (!v6) return `4${bits(address.split('.'))}`
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  return `6${bits([...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail])}`
}

/** `address/bits` of IPv4 or IPv6 with the address in its canonical form, as layers/address_bits.sql reads it; null for anything else. */
export function canonicalNetwork(text: string): string | null {
  const [, written = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const address = canonicalAddress(written)
  return address === null || Number(length) + 1 > bitsOf(address).length ? null : `${address}/${Number(length)}`
}

/** Whether a network (canonical) holds an address (canonical). */
export function covers(network: string, address: string): boolean {
  const [base = '', length = ''] = network.split('/')
  const first = bitsOf(base).slice(0, Number(length) + 1)
  return bitsOf(address).startsWith(first)
}
