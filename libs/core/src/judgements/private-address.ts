/** First bits of the networks that are nobody's on the internet: RFC 6890's loopback, link-local, private, shared, multicast and unspecified. */
const PRIVATE_V4 = [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16], ['224.0.0.0', 3]] as const

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** `address` is canonical (see silver/address.ts). Blocking such an address would hit one's own network. */
export function isPrivate(address: string): boolean {
  if (address.includes('.')) return PRIVATE_V4.some(([network, bits]) => Math.floor(number(address) / 2 ** (32 - bits)) === number(network) / 2 ** (32 - bits))
  const first = address.startsWith('::') ? 0 : Number.parseInt(address.split(':')[0] ?? '', 16)
  const local = address === '::' || address === '::1'
  return local || (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00
}
