import { isIPv4, isIPv6 } from 'node:net'
import { expect, test } from 'vitest'
import { Addresses } from './addresses.ts'
import { Random } from './random.ts'

test('never gives an address twice, and goes on in IPv6 when IPv4 is used up', () => {
  const random = new Random(1)
  const addresses = new Addresses(random, 0.5)
  const given = Array.from({ length: 150_000 }, () => addresses.next(random))
  expect(new Set(given).size).toBe(given.length)
  expect(given.slice(0, 1000).filter(isIPv4).length).toBeGreaterThan(900)
  expect(given.slice(-1000).every(isIPv6)).toBe(true)
  expect(given.filter(isIPv4)).toHaveLength(762 + 0x20000 - 0x4000)
})

test('subnets belong to one actor each, and nobody else comes from them', () => {
  const random = new Random(2)
  const addresses = new Addresses(random, 0.5)
  const strangers = Array.from({ length: 150_000 }, () => addresses.next(random))
  const subnets = Array.from({ length: 80 }, () => addresses.subnet(random))
  expect(new Set(subnets.map(({ text }) => text)).size).toBe(80)
  for (const subnet of subnets) {
    const hosts = Array.from({ length: 250 }, () => subnet.next())
    expect(new Set(hosts).size).toBe(250)
    const prefix = subnet.text.replace(/0\/24$/, '').replace(/:\/64$/, '')
    expect(hosts.filter((host) => !host.startsWith(prefix))).toEqual([])
    expect(strangers.filter((stranger) => stranger.startsWith(prefix))).toEqual([])
  }
})
