import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Harness } from '../test/harness.ts'

const MIB = 2 ** 20
/** Node itself takes about 60 MiB; the line is ten times what may be used. */
const CAP_MIB = 250

test('a single line of 600 MiB is walked in bounded memory', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../test/walk-huge-line.ts'), '600'])
  const { lines, peakMiB } = JSON.parse(stdout) as { lines: unknown[]; peakMiB: number }
  const hash = createHash('sha256')
  for (let i = 0; i < 600; i++) hash.update(new Uint8Array(MIB).fill(0x78))
  expect(lines).toEqual([
    { length: 600 * MIB + 1, flags: 16, kept: 65_536, sha256: hash.digest('hex') },
    { length: 14, flags: 0, kept: 13, sha256: null },
  ])
  expect(peakMiB).toBeLessThan(CAP_MIB)
}, 60_000)

const ok = '2025-03-03T01:02:03Z web-1.example.org sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2'
const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

/** What an attacker, a disk or an editor puts into a log: name, source, flags of each line, and how many lines silver can parse. */
const HOSTILE: readonly [name: string, source: Buffer, flags: string[], parsed: number][] = [
  ['invalid UTF-8', bytes(ok.replace('root', 'ro'), [0xff, 0xfe], ' \n', ok, '\n'), ['invalid_utf8', ''], 1],
  ['NUL', bytes(ok, '\0\n', ok, '\n'), ['nul', ''], 1],
  ['nothing but NUL', bytes('\0'.repeat(500)), ['nul'], 0],
  ['CRLF', bytes(ok, '\r\n', ok, '\r\n'), ['', ''], 2],
  ['lone CR', bytes(ok, '\r', ok, '\n'), ['lone_cr'], 0],
  ['no final newline', bytes(ok, '\n', ok), ['', ''], 2],
  ['blank lines', bytes('\n\r\n', ok, '\n\n'), ['', '', '', ''], 1],
  ['BOM', bytes([0xef, 0xbb, 0xbf], ok, '\n'), ['bom'], 1],
  ['UTF-16', Buffer.from(`\ufeff${ok}\r\n${ok}`, 'utf16le'), ['bom', ''], 2],
  ['terminal escapes', bytes(ok.replace('root', '\x1b]0;owned\x07\x1b[2J'), '\n'), [''], 1],
  ['quotes, tabs and backslashes', bytes(ok.replace('root', '"\'\t\\n\\'), '\n'), [''], 1],
  ['SQL and a prototype as users', bytes(ok.replace('root', "'); DROP TABLE events; --"), '\n', ok.replace('root', '__proto__'), '\n'), ['', ''], 2],
  ['a line past the limit', bytes(ok.replace('root', 'x'.repeat(70_000)), '\n', ok, '\n'), ['oversize', ''], 1],
  ['several gzip members', Buffer.concat([gzipSync(`${ok}\n`), gzipSync(`${ok}\n`)]), ['', ''], 2],
]

describe.each(HOSTILE)('%s', (_name, source, flags, parsed) => {
  test('goes through all layers; lines tile the source; none is lost', async () => {
    await using harness = await Harness.open(source)
    const [bronze, silver] = await harness.runAll()
    const rows = await harness.parquet('lines', 'line_no, byte_offset, byte_length, flags, coalesce(raw_bytes, encode(raw)) AS raw')
    expect(rows.map((row) => row['flags'])).toEqual(flags)
    let end = 0n
    for (const row of rows) {
      expect(row['byte_offset']).toBe(end)
      end += row['byte_length'] as bigint
    }
    expect(Number(end)).toBe(bronze?.counts['bytes'])
    expect(silver?.counts).toMatchObject({ lines: flags.length, quarantined: flags.length - (silver?.counts['parsed'] ?? NaN) })
    const numbers = [...(await harness.jsonLines('events')), ...(await harness.jsonLines('quarantine'))].map((row) => row['line_no'] as number)
    expect(numbers.sort((a, b) => a - b)).toEqual(flags.map((_, i) => i + 1))
    expect(silver?.counts['parsed']).toBeGreaterThanOrEqual(parsed)
  })
})

test('invalid bytes are kept in bronze', async () => {
  await using harness = await Harness.open(bytes('user ', [0xff], '\n'))
  await harness.run('bronze')
  const [row] = await harness.parquet('lines', 'raw, raw_bytes')
  expect({ raw: row?.['raw'], bytes: Buffer.from(row?.['raw_bytes'] as Uint8Array).toString('hex') }).toEqual({ raw: 'user \ufffd', bytes: '7573657220ff' })
})

test('a truncated gzip warns and flags its last line', async () => {
  const whole = gzipSync(Array.from({ length: 50 }, (_, i) => `${ok} ${(i * 7919) % 1000}`).join('\n'))
  await using harness = await Harness.open(whole.subarray(0, whole.length - 12))
  const bronze = await harness.run('bronze')
  expect(bronze.warnings).toEqual(['GZIP_TRUNCATED'])
  await harness.run('silver')
  const flags = await harness.parquet('lines', 'DISTINCT flags')
  expect(flags).toContainEqual({ flags: 'cut_off' })
  await harness.restart(false)
  expect((await harness.run('bronze')).warnings).toEqual(['GZIP_TRUNCATED'])
})

test('a gzip bomb is a coded error that names the source', async () => {
  await using harness = await Harness.open(gzipSync(Buffer.alloc(100 * MIB)), { limits: { maxRatio: 100 } })
  await expect(harness.run('bronze')).rejects.toMatchObject({ code: 'SOURCE_NOT_READABLE', fields: { container: 'bronze', name: 'web-1/auth.log', detail: 'it unpacks to more than 100 times its size' } })
})
