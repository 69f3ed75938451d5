import { expect, test } from 'vitest'
import { Host } from './hosts.ts'

test('process ids rise, wrap, and pass over those that are alive', () => {
  const host = new Host({ name: 'web-1.example.org', sshd: '6.6' }, 32765, '198.19.255.1')
  expect(host.fork(0)).toBe(32766)
  expect(host.fork(0)).toBe(32767)
  expect(host.fork(0)).toBe(300)
  // All but the one that listens.
  for (let n = 0; n < 32_464; n++) host.exit(host.fork(0))
  expect(host.fork(0)).toBe(301)
})
