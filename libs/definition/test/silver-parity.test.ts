import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunParams } from '@logpipe/core'
import type { LineBatch } from '@logpipe/core/lines'
import { batchesOf, eventsOf, quarantineOf, silverOf, source } from '@logpipe/core/testing'
import { HEADERS, hostileMessages, oddLines } from './hostile-lines.ts'
import { differences } from './differences.ts'
import { definition } from './run-layer.ts'
import { SilverOnDuckDb } from './silver-duckdb.ts'

const openssh = definition.catalogue
let duckdb: SilverOnDuckDb
beforeAll(async () => {
  duckdb = await SilverOnDuckDb.create(openssh)
})
afterAll(() => duckdb.close())

const UTC: RunParams = { timezone: 'UTC', baseTimeMs: Date.UTC(2016, 0, 2, 3, 4, 5) }

async function expectParity(batches: readonly LineBatch[], params: RunParams): Promise<number> {
  const bytes = silverOf(batches, openssh, params)
  const sql = await duckdb.run(batches, params)
  expect(differences(sql.events, eventsOf(bytes))).toEqual([])
  expect(differences(sql.quarantine, quarantineOf(bytes))).toEqual([])
  return sql.events.length + sql.quarantine.length
}

describe('the SQL and the parser give the same, field by field', () => {
  const samples = openssh.messages.flatMap((message, i) => HEADERS.map((header, form) => header(message.sample.message, 1000 + ((i * HEADERS.length + form) >> 3))))
  test('on each sample in each header form', async () => {
    expect(await expectParity(batchesOf(source(samples)), UTC)).toBe(samples.length)
  })

  const hostile = [...oddLines, ...hostileMessages.flatMap((message, i) => [0, 1, 2].map(k => HEADERS[(i + k * 7) % HEADERS.length]?.(message, 500 + (i >> 2)) ?? ''))]
  test.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Kathmandu'])('on the hostile corpus in %s', async timezone => {
    await expectParity(batchesOf(source(hostile)), { ...UTC, timezone })
  })

  test('on bytes that are no UTF-8, long lines and a cut last line', async () => {
    const bytes = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      source(['Dec 10 06:55:46 web-1 sshd[1]: Invalid user bom from 192.0.2.1']),
      Buffer.from('Dec 10 06:55:46 web-1 sshd[1]: Invalid user \xff\xfe from 192.0.2.1\n', 'latin1'),
      Buffer.from('\xff\xfe\0\n', 'latin1'),
      source([`Dec 10 06:55:46 web-1 sshd[1]: ${'y'.repeat(400)}`, 'no header\0']),
      Buffer.from('Dec 10 06:55'),
    ])
    await expectParity(batchesOf(bytes, { maxLineBytes: 300, truncated: true }), UTC)
  })

  const piece = fc.oneof(
    fc.constantFrom(...openssh.messages.map(message => message.sample.message)),
    fc.constantFrom(...hostileMessages),
    fc.constantFrom(' from ', ' port ', ' ', '  user=', ': ', ' [preauth]', 'error: ', 'message repeated 2 times: [ ', ']', '192.0.2.1', '::1', '"', `'`, '%'),
    fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replaceAll('\n', ' ')),
  )
  const message = fc.array(piece, { minLength: 1, maxLength: 4 }).map(pieces => pieces.join(''))
  const line = fc.tuple(fc.constantFrom(...HEADERS), message, fc.integer({ min: 1, max: 40 })).map(([header, text, pid]) => header(text, pid))
  const mangled = fc.tuple(line, fc.nat(60), fc.nat(3), fc.string({ maxLength: 2 })).map(([text, at, cut, put]) => (text.slice(0, at) + put + text.slice(at + cut)).replaceAll('\n', ' '))
  test('on fuzzed lines', async () => {
    const lines = fc.array(fc.oneof(line, line, mangled, fc.constantFrom(...oddLines)), { minLength: 1500, maxLength: 1500, size: 'max' })
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'), async (texts, timezone) => {
        await expectParity(batchesOf(source(texts)), { ...UTC, timezone })
      }),
      { numRuns: 4, endOnFailure: true },
    )
  }, 120_000)
})
