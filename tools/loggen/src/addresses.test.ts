import { isIPv4, isIPv6 } from 'node:net'
import { expect, test } from 'vitest'
import { Addresses } from './addresses.ts'
import { Random } from './random.ts'

test('never gives an address twice, and goes on in IPv6 when IPv4 is used up', () => {
  const random = new Random(1)
  const addresses = new Addresses(random)
  const given = Array.from({ length: 150_000 }, () => addresses.next(random))
  expect(new Set(given).size).toBe(given.length)
  expect(given.slice(0, 1000).filter(isIPv4).length).toBeGreaterThan(900)
  expect(given.slice(-1000).every(isIPv6)).toBe(true)
  expect(given.filter(isIPv4)).toHaveLength(762 + 0x20000 - 0x4000)
})
