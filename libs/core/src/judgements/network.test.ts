import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalAddress } from '../silver/address.ts'
import { canonicalNetwork, covers } from './network.ts'

test.each([
  ['192.0.2.7/24', '192.0.2.7/24'], ['2001:DB8:0::/32', '2001:db8::/32'], ['::/0', '::/0'], ['::ffff:192.0.2.0/24', '192.0.2.0/24'],
  ['192.0.2.7', null], ['192.0.2.7/33', null], ['2001:db8::/129', null], ['192.0.2.07/24', null], ['office/24', null], ['192.0.2.0/-1', null], ['192.0.2.0/24/24', null],
])('%s is the network %s', (text, network) => {
  expect(canonicalNetwork(text)).toBe(network)
})

test.each([
  ['192.0.2.0/24', '192.0.2.255', true], ['192.0.2.0/24', '192.0.3.0', false], ['192.0.2.128/25', '192.0.2.127', false], ['0.0.0.0/0', '203.0.113.9', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true], ['2001:db8::/32', '2001:db9::', false], ['::/0', '192.0.2.7', false], ['2001:db8::7/128', '2001:db8::7', true],
])('%s covers %s: %s', (network, address, covered) => {
  expect(covers(network, address)).toBe(covered)
})

test('an address is in every network that is made of it, and out of that when the last bit of the prefix is another', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6()).map(canonicalAddress).filter((found) => found !== null)
  fc.assert(fc.property(address, fc.nat(128), (ip, length) => {
    const network = canonicalNetwork(`${ip}/${length}`)
    if (network !== null) expect(covers(network, ip)).toBe(true)
    else expect(length).toBeGreaterThan(32)
  }))
})
