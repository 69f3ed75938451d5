import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainLines, referenceSplit, sha256, type PlainLine } from '../../test/lines/reference-splitter.ts'
import { createSplitter } from './splitter.ts'

const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part as string)))

function split(source: Uint8Array, options: { max?: number; cuts?: number[]; truncated?: boolean } = {}): PlainLine[] {
  const splitter = createSplitter({ sha256, ...(options.max === undefined ? {} : { maxLineBytes: options.max }) })
  const cuts = [0, ...(options.cuts ?? []).map((cut) => cut % (source.length + 1)).sort((a, b) => a - b), source.length]
  const batches = cuts.slice(1).flatMap((cut, i) => splitter.push(source.slice(cuts[i], cut)))
  return plainLines([...batches, ...splitter.finish({ truncated: options.truncated ?? false })])
}

const texts = (source: Uint8Array, max?: number): string[] => split(source, max === undefined ? {} : { max }).map((line) => line.text)
const flags = (source: Uint8Array): string[] => split(source).map((line) => line.flags)

describe('lines', () => {
  test('a part of a batch can be copied by slice, also where the chunk is a Buffer', () => {
    const chunk = bytes('abc\n')
    const part = createSplitter({ sha256 }).push(chunk)[0]?.bytes.slice(0, 3)
    chunk.fill(0x2e)
    expect(Buffer.from(part ?? []).toString()).toBe('abc')
  })
  test('no bytes are no line', () => expect(split(bytes())).toEqual([]))
  test('LF and CRLF end a line and are no part of it', () => expect(texts(bytes('a\nb\r\nc'))).toEqual(['a', 'b', 'c']))
  test('blank lines are kept', () => expect(texts(bytes('\n\r\n\n'))).toEqual(['', '', '']))
  test('a last line without newline counts, without a flag', () => expect(split(bytes('a\nb'))[1]).toMatchObject({ text: 'b', length: 1, flags: '' }))
  test('a lone CR stays in the text', () => expect(split(bytes('a\rb\r\r\nc\r'))).toMatchObject([{ text: 'a\rb\r', flags: 'lone_cr' }, { text: 'c\r', flags: 'lone_cr' }]))
  test('NUL stays in the text', () => expect(split(bytes('a\0b\n'))).toMatchObject([{ text: 'a\0b', flags: 'nul' }]))
  test('other control bytes are plain text', () => expect(split(bytes('\x01\x1b[31m\x7f\t\n'))).toMatchObject([{ text: '\x01\x1b[31m\x7f\t', flags: '' }]))
  test('a truncated source flags its unfinished line only', () => {
    expect(split(bytes('a\nb'), { truncated: true }).map((line) => line.flags)).toEqual(['', 'cut_off'])
    expect(split(bytes('a\nb\n'), { truncated: true }).map((line) => line.flags)).toEqual(['', ''])
  })
})

describe('encodings', () => {
  test('a BOM is flagged on line 1, counted in its length and not in its text', () => {
    expect(split(bytes([0xef, 0xbb, 0xbf], 'a\nb\n'))).toMatchObject([{ text: 'a', flags: 'bom', offset: 0, length: 5 }, { flags: '', offset: 5 }])
  })
  test('a file of nothing but a BOM is one blank line', () => expect(split(bytes([0xef, 0xbb, 0xbf]))).toMatchObject([{ text: '', flags: 'bom', length: 3 }]))
  test('invalid UTF-8 becomes U+FFFD and keeps its bytes', () => {
    expect(split(bytes('ok\nuser ', [0xff, 0xc3], ' x\n'))[1]).toMatchObject({ text: 'user \ufffd\ufffd x', flags: 'invalid_utf8', raw: bytes('user ', [0xff, 0xc3], ' x').toString('hex') })
  })
  test.each([[[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0xe0, 0x80, 0x80]], [[0xf8, 0x88, 0x80, 0x80, 0x80]]])('%j is not UTF-8', (sequence) => {
    expect(flags(bytes(sequence, '\n'))).toEqual(['invalid_utf8'])
  })
  test('valid text past ASCII has no flag', () => expect(split(bytes('usér \u{1f600}\n'))).toMatchObject([{ text: 'usér \u{1f600}', flags: '', raw: null }]))
  test.each(['utf-16le', 'utf-16be'])('%s is decoded, with offsets of its own bytes', (encoding) => {
    const little = Buffer.from('\ufeffa\u{1f600}\r\n\r\nc', 'utf16le')
    const source = encoding === 'utf-16le' ? little : little.swap16()
    expect(split(source)).toMatchObject([
      { text: 'a\u{1f600}', flags: 'bom', offset: 0, length: 12 },
      { text: '', flags: '', offset: 12, length: 4 },
      { text: 'c', flags: '', offset: 16, length: 2 },
    ])
  })
  test('half a surrogate pair and an odd last byte of UTF-16 are lossy', () => {
    expect(split(bytes([0xff, 0xfe, 0x3d, 0xd8, 0x0a, 0, 0x41, 0, 0x42]))).toMatchObject([
      { text: '\ufffd', flags: 'invalid_utf8 bom', raw: '3dd8', length: 6 },
      { text: 'A\ufffd', flags: 'invalid_utf8', raw: '410042', offset: 6, length: 3 },
    ])
  })
})

describe('long lines', () => {
  test('the limit itself is not oversize, CRLF or not', () => {
    expect(flags(bytes('abcd\nabcd\r\n'))).toEqual(['', ''])
    expect(split(bytes('abcd\r\n'), { max: 4, cuts: [5] })).toMatchObject([{ text: 'abcd', flags: '', sha256: null }])
  })
  test('a longer one keeps the first bytes, its length and the hash of all of it', () => {
    expect(split(bytes('abcdefgh\r\nx\n'), { max: 4 })).toEqual(referenceSplit(bytes('abcdefgh\r\nx\n'), 4))
    expect(split(bytes('abcdefgh\r\nx\n'), { max: 4 })[0]).toMatchObject({ text: 'abcd', flags: 'oversize', length: 10 })
  })
  test('a character that the limit cuts is left out without being lossy', () => expect(split(bytes('abé…\n'), { max: 5 })[0]).toMatchObject({ text: 'abé', flags: 'oversize', raw: null }))
  test('in UTF-16 too', () => {
    const source = Buffer.from('\ufeffab\u{1f600}cd\n', 'utf16le')
    expect(split(source, { max: 6 })[0]).toMatchObject({ text: 'ab', flags: 'bom oversize', raw: null, length: source.length })
  })
})

/** Bytes dense in what splitters get wrong. */
const hostileByte = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0x0a, 0x0d, 0x61) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xff, 0xfe) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
)
const source = fc.tuple(fc.constantFrom([], [0xef, 0xbb, 0xbf]), fc.array(hostileByte, { maxLength: 120 })).map(([bom, rest]) => Uint8Array.from([...bom, ...rest]))
const utf16 = fc.tuple(fc.constantFrom([0xff, 0xfe], [0xfe, 0xff]), fc.array(fc.constantFrom(0, 0x0a, 0x0d, 0x41, 0xd8, 0xdc), { maxLength: 80 })).map(([bom, rest]) => Uint8Array.from([...bom, ...rest]))
const cuts = fc.array(fc.nat(200), { maxLength: 12 })
const max = fc.constantFrom(1, 2, 5, 16, 1000)
const isUtf8 = (bytes: Uint8Array): boolean => !(bytes[0] === 0xff && bytes[1] === 0xfe) && !(bytes[0] === 0xfe && bytes[1] === 0xff)

describe('laws', () => {
  test('equals the naive splitter, however the source is cut', () => {
    const law = fc.property(source.filter(isUtf8), cuts, max, (bytes, at, limit) => {
      expect(split(bytes, { max: limit, cuts: at })).toEqual(referenceSplit(bytes, limit))
    })
    fc.assert(law, { numRuns: 3000 })
  })
  test('chunking never changes the lines of UTF-16', () => {
    const law = fc.property(utf16, cuts, max, (bytes, at, limit) => {
      expect(split(bytes, { max: limit, cuts: at })).toEqual(split(bytes, { max: limit }))
    })
    fc.assert(law, { numRuns: 1000 })
  })
  test('offsets and lengths tile the source', () => {
    fc.assert(
      fc.property(fc.oneof(source, utf16), cuts, max, (bytes, at, limit) => {
        let end = 0
        for (const line of split(bytes, { max: limit, cuts: at })) {
          expect(line.offset).toBe(end)
          end += line.length
        }
        expect(end).toBe(bytes.length)
      }),
    )
  })
  test('a line without a flag is its own bytes and a terminator', () => {
    fc.assert(
      fc.property(source.filter(isUtf8), cuts, (bytes, at) => {
        for (const line of split(bytes, { cuts: at }).filter(({ flags: none }) => none === '')) {
          const own = Buffer.from(bytes.subarray(line.offset, line.offset + line.length)).toString()
          expect([line.text, `${line.text}\n`, `${line.text}\r\n`]).toContain(own)
        }
      }),
    )
  })
})
