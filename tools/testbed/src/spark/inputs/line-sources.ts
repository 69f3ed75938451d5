import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { SourceLimits } from '@logpipe/duckdb'

export interface LineSource {
  readonly name: string
  readonly source: Buffer
  readonly limits?: Partial<SourceLimits>
}

const ok = '2025-03-03T01:02:03Z web-1.example.org sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2'
const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const whole = gzipSync(Array.from({ length: 50 }, (_, i) => `${ok} ${(i * 7919) % 1000}`).join('\n'))
const damaged = Buffer.from(whole)
damaged[damaged.length - 6]! ^= 1

/** What an attacker, a disk or an editor puts into a log. */
const HOSTILE: readonly LineSource[] = [
  { name: 'nothing', source: bytes() },
  { name: 'invalid UTF-8', source: bytes(ok, [0xff, 0xfe, 0xc3], ' \n', [0xed, 0xa0, 0x80], '\n', [0xf4, 0x90, 0x80, 0x80], ok, '\n') },
  { name: 'NUL', source: bytes(ok, '\0\n', ok, '\n') },
  { name: 'nothing but NUL', source: bytes('\0'.repeat(500)) },
  { name: 'CRLF', source: bytes(ok, '\r\n', ok, '\r\n') },
  { name: 'lone CR', source: bytes(ok, '\r', ok, '\n\r\n', 'a\r\r\nc\r') },
  { name: 'no final newline', source: bytes(ok, '\n', ok) },
  { name: 'blank lines', source: bytes('\n\r\n', ok, '\n\n') },
  { name: 'BOM', source: bytes([0xef, 0xbb, 0xbf], ok, '\n', ok, '\n') },
  { name: 'nothing but a BOM', source: bytes([0xef, 0xbb, 0xbf]) },
  { name: 'UTF-16 LE', source: Buffer.from(`\ufeff${ok}\r\n${ok}\n\u0a0a\u{1f600}\n`, 'utf16le') },
  { name: 'UTF-16 BE', source: Buffer.from(`\ufeff${ok}\r\n\u0a00\u000d\n${ok}`, 'utf16le').swap16() },
  { name: 'UTF-16 with half a pair and an odd byte', source: bytes([0xff, 0xfe, 0x3d, 0xd8, 0x0a, 0, 0x41, 0, 0x42]) },
  { name: 'UTF-16 cut within a pair', source: Buffer.from('\ufeffab\u{1f600}cd\n', 'utf16le'), limits: { maxLineBytes: 6 } },
  { name: 'terminal escapes', source: bytes(ok.replace('root', '\x1b]0;owned\x07\x1b[2J'), '\n\u2028\u0085\n') },
  { name: 'lines past the limit', source: bytes(ok.replace('root', 'x'.repeat(70_000)), '\n', ok, '\r\n', 'y'.repeat(65_536), '\r\n', 'z'.repeat(65_537)) },
  { name: 'a character that the limit cuts', source: bytes('abé…\nabcd\r\nabcdefgh\r\nx', [0xff], 'yzabc\n'), limits: { maxLineBytes: 5 } },
  { name: 'several gzip members', source: Buffer.concat([gzipSync(`${ok}\n`), gzipSync(''), gzipSync(`${ok}\n`), Buffer.alloc(600)]) },
  { name: 'gzip of UTF-16', source: gzipSync(Buffer.from(`\ufeff${ok}\n`, 'utf16le')) },
  { name: 'gzip of nothing', source: gzipSync('') },
  { name: 'a truncated gzip', source: whole.subarray(0, whole.length - 12) },
  { name: 'a gzip that ends in its second member', source: Buffer.concat([gzipSync(`${ok}\n`), whole.subarray(0, 14)]) },
  { name: 'gzip followed by something else', source: Buffer.concat([gzipSync(`${ok}\n`), Buffer.from('a log')]) },
  { name: 'a damaged gzip', source: damaged },
  { name: 'a gzip bomb', source: gzipSync(Buffer.alloc(100 * 2 ** 20)) },
  { name: 'too much gzip', source: gzipSync(Buffer.alloc(2 ** 20, `${ok}\n`)), limits: { maxBytes: 2 ** 19 } },
]

/** Bytes dense in what splitters get wrong, as the laws of libs/core have them. */
const hostileByte = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0x0a, 0x0d, 0x61) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xff, 0xfe) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
)
const plain = fc.array(hostileByte, { maxLength: 120 })
const wide = fc.tuple(fc.constantFrom([0xff, 0xfe], [0xfe, 0xff]), fc.array(fc.constantFrom(0, 0x0a, 0x0d, 0x41, 0xd8, 0xdc), { maxLength: 80 })).map(([bom, rest]) => [...bom, ...rest])

/** The hostile ones, and generated ones; the same each time. */
export function lineSources(): LineSource[] {
  const generated = fc.sample(fc.tuple(fc.oneof({ weight: 3, arbitrary: plain }, wide), fc.constantFrom(1, 2, 5, 16, 1000)), { numRuns: 150, seed: 7 })
  return [...HOSTILE, ...generated.map(([source, maxLineBytes], i) => ({ name: `generated ${i}`, source: Buffer.from(source), limits: { maxLineBytes } }))]
}
