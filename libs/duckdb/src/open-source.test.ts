import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSource, type GzipLimits } from './open-source.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Uint8Array, { size = 1 << 16, limits }: { size?: number; limits?: GzipLimits } = {}): Promise<{ text: string; truncated: boolean }> {
  const opened = openSource(inChunks(bytes, size), limits)
  const parts: Uint8Array[] = []
  for await (const chunk of opened.chunks) parts.push(chunk)
  return { text: Buffer.concat(parts).toString(), truncated: opened.truncated() }
}

const one = gzipSync('first\n'.repeat(1000))
const two = Buffer.concat([one, gzipSync('second\n')])
const all = `${'first\n'.repeat(1000)}second\n`

describe.each([1, 7, 1 << 16])('in chunks of %i', (size) => {
  test('what is no gzip passes as it is', async () => expect(await read(Buffer.from('\x1fa log'), { size })).toEqual({ text: '\x1fa log', truncated: false }))
  test('no bytes are no bytes', async () => expect(await read(Buffer.alloc(0), { size })).toEqual({ text: '', truncated: false }))
  test('all members are read', async () => expect(await read(two, { size })).toEqual({ text: all, truncated: false }))
  test('NUL padding behind the last member is no fault', async () => {
    expect(await read(Buffer.concat([two, Buffer.alloc(600)]), { size })).toEqual({ text: all, truncated: false })
  })
  test('of a truncated member all that can be read is read', async () => {
    expect(await read(two.subarray(0, two.length - 3), { size })).toEqual({ text: all, truncated: true })
    expect(await read(two.subarray(0, one.length + 4), { size })).toEqual({ text: 'first\n'.repeat(1000), truncated: true })
  })
  test('a wrong checksum is damage', async () => {
    const damaged = Buffer.from(two)
    damaged[two.length - 6]! ^= 1
    await expect(read(damaged, { size })).rejects.toThrow('the gzip data is damaged (incorrect data check)')
  })
})

test('a gzip cut anywhere gives a beginning of its text', async () => {
  const text = Array.from({ length: 400 }, (_, i) => `line ${(i * 7919) % 1000}\n`).join('')
  const bytes = gzipSync(text)
  const law = fc.asyncProperty(fc.integer({ min: 2, max: bytes.length - 1 }), fc.integer({ min: 1, max: 500 }), async (cut, size) => {
    const { text: got, truncated } = await read(bytes.subarray(0, cut), { size })
    expect(truncated).toBe(true)
    expect(text.startsWith(got)).toBe(true)
  })
  await fc.assert(law)
})

describe('bombs', () => {
  const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20))
  test('a thousandfold bomb is stopped by its ratio', async () => {
    expect(bomb.length * 1000).toBeLessThan(110 * 2 ** 20)
    await expect(read(bomb)).rejects.toThrow('it unpacks to more than 200 times its size')
  })
  test('and by the total', async () => {
    await expect(read(bomb, { limits: { maxRatio: 2000, maxBytes: 2 ** 20 } })).rejects.toThrow('it unpacks to more than 1048576 bytes')
  })
})
