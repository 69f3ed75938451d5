import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smallCatalogue } from '../../test/catalogue.ts'
import { batchesOf, eventsOf, quarantineOf, sha256, silverOf, source } from '../../test/silver-bytes.ts'
import type { SilverEvent } from './event.ts'
import { parseLine } from './parse-line.ts'
import { createSilverWriter } from './writer.ts'

const PARAMS = { timezone: 'UTC', baseTimeMs: Date.UTC(2015, 11, 31) }
const line = (pid: number, message: string): string => `Dec 10 06:55:46 web-1 sshd[${pid}]: ${message}`
const FILLER = 'Dec 10 06:55:46 web-1 CRON[9]: tick'
const silver = (lines: readonly string[]): SilverEvent[] => eventsOf(silverOf(batchesOf(source(lines)), smallCatalogue, PARAMS))

const anyText = fc.oneof(fc.constantFrom(...smallCatalogue.messages.map(({ sample }) => sample.message), 'error: something odd', '\0'), fc.string({ unit: 'binary' }))
const anyLine = fc.oneof(
  fc.tuple(fc.nat(5), anyText).map(([pid, message]) => line(pid, message)),
  anyText,
)
// A CR before the line end belongs to the line end.
const anyLines = fc.array(anyLine.map(text => text.replaceAll('\n', ' ').replace(/\r$/, ' ')), { maxLength: 40 })

describe('laws', () => {
  test('lines = parsed + quarantined, in line order, and each JSON line is whole', () => {
    fc.assert(
      fc.property(anyLines, lines => {
        const bytes = silverOf(batchesOf(source(lines)), smallCatalogue, PARAMS)
        const { counts } = bytes
        expect(counts.lines).toBe(lines.length)
        expect(counts.parsed + counts.quarantined).toBe(lines.length)
        const numbers = [...eventsOf(bytes), ...quarantineOf(bytes)].map(row => row.line_no).sort((a, b) => a - b)
        expect(numbers).toEqual(lines.map((_, i) => i + 1))
      }),
    )
  })

  test('where the stream is cut changes no byte', () => {
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 700 }), (lines, chunk) => {
        const bytes = source(lines)
        const { events, quarantine, counts } = silverOf(batchesOf(bytes), smallCatalogue, PARAMS)
        const cut = silverOf(batchesOf(bytes, { chunk }), smallCatalogue, PARAMS)
        expect(cut.events).toBe(events)
        expect(cut.quarantine).toBe(quarantine)
        expect(cut.counts).toEqual(counts)
      }),
    )
  })

  test('an event is what parseLine says, but for what its session adds', () => {
    fc.assert(
      fc.property(anyLines, lines => {
        for (const event of silver(lines)) {
          const alone = parseLine(lines[event.line_no - 1] ?? '', smallCatalogue, PARAMS, event.line_no).event
          expect(alone).not.toBeNull()
          if (alone === null) continue
          const linked: Partial<SilverEvent> = {}
          if (event.address_from === 'session') Object.assign(linked, { address: event.address, address_from: 'session', address_raw: alone.address_raw ?? event.address_raw })
          if (event.user_from === 'session') Object.assign(linked, { user: event.user, user_from: 'session', user_valid: alone.user_valid ?? event.user_valid })
          expect(event).toEqual({ ...alone, ...linked })
        }
      }),
    )
  })

  test('parse never throws', () => {
    fc.assert(fc.property(fc.oneof(anyLine, fc.string({ unit: 'binary' }), fc.string()), text => void parseLine(text, smallCatalogue, PARAMS)))
  })
})

describe('linking', () => {
  const KNOWN = line(1, 'Failed password for root from 192.0.2.7 port 22 ssh2')
  const BARE = line(1, 'error: something odd')
  const linkOf = (event: SilverEvent | undefined): unknown[] => [event?.user, event?.user_from, event?.address, event?.address_from]
  const SESSION = ['root', 'session', '192.0.2.7', 'session']
  const NOTHING = [null, null, null, null]

  test('a line takes user and address from the nearest earlier line of its pid, else from the nearest later one', () => {
    const other = line(1, 'Failed password for alice from 192.0.2.8 port 22 ssh2')
    expect(silver([KNOWN, BARE, other]).map(linkOf)[1]).toEqual(SESSION)
    expect(silver([BARE, KNOWN, other]).map(linkOf)[0]).toEqual(SESSION)
  })

  test.each([
    [1000, SESSION],
    [1001, NOTHING],
  ])('over %i lines: %o', (distance, expected) => {
    const between = new Array<string>(distance - 1).fill(FILLER)
    expect(linkOf(silver([KNOWN, ...between, BARE]).at(-1))).toEqual(expected)
    expect(linkOf(silver([BARE, ...between, KNOWN])[0])).toEqual(expected)
  })

  test('another pid, another host and another program give nothing', () => {
    expect(linkOf(silver([KNOWN, line(2, 'error: something odd')])[1])).toEqual(NOTHING)
    expect(linkOf(silver([KNOWN, BARE.replace('web-1', 'web-2')])[1])).toEqual(NOTHING)
    expect(linkOf(silver([KNOWN, BARE.replace('sshd', 'CRON')])[1])).toEqual(NOTHING)
  })

  test('a host name stays as written beside the linked address', () => {
    const [, event] = silver([KNOWN, line(1, 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=a.example.org  user=root')])
    expect(event).toMatchObject({ rhost: 'a.example.org', address_raw: 'a.example.org', address: '192.0.2.7', address_from: 'session', user_from: 'line' })
  })

  test('an empty user is a user, and none to give', () => {
    const empty = line(1, 'Invalid user  from 192.0.2.7')
    expect(silver([KNOWN, empty])[1]).toMatchObject({ user: '', user_from: 'line' })
    expect(silver([empty, BARE])[1]).toMatchObject({ user: null, address: '192.0.2.7' })
  })

  test('what the listening process says of a client is not handed to the lines of its pid, nor does it take from them', () => {
    const drop = line(1, 'drop connection #3 from [192.0.2.9]:22 on [192.0.2.1]:22 past MaxStartups')
    expect(linkOf(silver([drop, BARE])[1])).toEqual(NOTHING)
    expect(silver([KNOWN, drop])[1]).toMatchObject({ user: null, address: '192.0.2.9', address_from: 'line' })
  })

  test('the linked user brings whether it is valid', () => {
    expect(silver([line(1, 'Invalid user oracle from 192.0.2.7'), BARE])[1]).toMatchObject({ user: 'oracle', user_valid: false })
  })
})

test('counts attempts with their repeats, times and backward steps', () => {
  const { counts } = silverOf(
    batchesOf(
      source([
        'Dec 10 06:55:46 web-1 sshd[1]: message repeated 3 times: [ Failed password for root from 192.0.2.7 port 22 ssh2]',
        'Dec 10 06:55:45.5 web-1 sshd[1]: Accepted password for root from 192.0.2.7 port 22 ssh2',
        'Dec 10 06:55:47 web-1 sshd[1]: nobody knows this',
        'Dec 10 06:55:47 web-1 CRON[1]: x',
        '',
        'x',
      ]),
    ),
    smallCatalogue,
    PARAMS,
  )
  expect(counts).toEqual({
    lines: 6,
    parsed: 4,
    quarantined: 2,
    blank: 1,
    unclassified: 1,
    otherProgram: 1,
    failed: 3,
    accepted: 1,
    yearInferred: 4,
    firstTime: '2015-12-10T06:55:45.5Z',
    lastTime: '2015-12-10T06:55:47Z',
    timesBackwards: 1,
    reasons: { blank: 1, no_header: 1 },
  })
})

test('quarantine says where the line is, the hash of its original bytes and its reason', () => {
  const bytes = Buffer.concat([Buffer.from('ok\xff\n', 'latin1'), Buffer.from('z'.repeat(50)), Buffer.from('\n\nDec 10')])
  const rows = quarantineOf(silverOf(batchesOf(bytes, { maxLineBytes: 20, truncated: true }), smallCatalogue, PARAMS))
  expect(rows).toEqual([
    { line_no: 1, byte_offset: 0, byte_length: 4, sha256: sha256(Buffer.from('ok\xff', 'latin1')), reason: 'no_header', raw: 'ok\uFFFD' },
    { line_no: 2, byte_offset: 4, byte_length: 51, sha256: sha256(Buffer.from('z'.repeat(50))), reason: 'oversize', raw: 'z'.repeat(20) },
    { line_no: 3, byte_offset: 55, byte_length: 1, sha256: sha256(Buffer.from('')), reason: 'blank', raw: '' },
    { line_no: 4, byte_offset: 56, byte_length: 6, sha256: sha256(Buffer.from('Dec 10')), reason: 'cut_off', raw: 'Dec 10' },
  ])
})

test('a megabyte of hostile user name is one event', () => {
  const user = ' from 10.0.0.1 port 22 ssh2'.repeat(40_000)
  const { events } = silverOf(batchesOf(source([line(1, `Failed password for ${user} from 192.0.2.7 port 22 ssh2`)]), { maxLineBytes: 1 << 21 }), smallCatalogue, PARAMS)
  expect(JSON.parse(events)).toMatchObject({ user, address: '192.0.2.7', event: 'login_failed' })
})

test('the source may be written over once its batch is taken, also while many long lines wait', () => {
  // No line says an address: each waits for a thousand more.
  const lines = Array.from({ length: 2500 }, (_, i) => line(7, `error: ${i} ${'x'.repeat(i % 7 === 0 ? 3000 : 50)}`))
  const bytes = source(lines)
  const { events } = silverOf(batchesOf(bytes), smallCatalogue, PARAMS)
  const writer = createSilverWriter(smallCatalogue, PARAMS, { sha256 })
  let cut = ''
  for (const batch of batchesOf(bytes, { chunk: 20_000 })) {
    cut += Buffer.from(writer.push(batch).events).toString()
    batch.bytes.fill(0x3f)
  }
  expect(cut + Buffer.from(writer.finish().events).toString()).toBe(events)
})
