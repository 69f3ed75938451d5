import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalAddress } from './address.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:DB8:0:0:0:0:0:17', '2001:db8::17'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::', '::'],
  ['1::', '1::'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('%s is %s', (raw, canonical) => {
  expect(canonicalAddress(raw)).toBe(canonical)
})

test.each(['', 'UNKNOWN', 'host.example.org', '5.36.59.76.dynamic.example.net', '192.0.2.07', '256.0.0.1', '1.2.3', '1.2.3.4.5', ':::', '1::2::3', '1:2:3:4:5:6:7:8:9', 'g::', '12345::', '1.2.3.4%a:b', '::1.2.3.4.5', '1:2:3:4:5:6:7:1.2.3.4'])(
  '%s is no address',
  raw => {
    expect(canonicalAddress(raw)).toBeNull()
  },
)

test('a canonical address is its own canonical text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), raw => {
      const canonical = canonicalAddress(raw)
      expect(canonical).not.toBeNull()
      expect(canonicalAddress(canonical ?? '')).toBe(canonical)
    }),
  )
})
