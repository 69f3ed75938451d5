import type { CompiledCatalogue, CompiledMessage, HoleType } from '@logpipe/core/catalogue'
import fc from 'fast-check'
import { ADDRESSES, HEADERS, hostileMessages, oddLines, USERS } from '../hostile-lines.ts'

/** What a hole of each type is filled with: the plausible, the hostile, and what does not fit it. */
const HOLES: Readonly<Record<HoleType, fc.Arbitrary<string>>> = {
  text: fc.oneof(fc.constantFrom(...USERS), fc.constantFrom(...ADDRESSES), fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 20 })),
  token: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ADDRESSES) },
    { weight: 4, arbitrary: fc.constantFrom('password', 'publickey', 'SHA256:4Zk0gQ1mX7yq', 'RSA') },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom('two words', ''), fc.string({ unit: 'binary', maxLength: 12 })) },
  ),
  int: fc.oneof({ weight: 12, arbitrary: fc.nat(70_000).map(String) }, { weight: 1, arbitrary: fc.constantFrom('', '-1', '00022', '99999999999', '4x') }),
}

/** A message of the catalogue with its holes filled anew; now and then a literal is torn or doubled. */
const filled = ({ literals, holes }: CompiledMessage): fc.Arbitrary<string> =>
  fc
    .tuple(fc.tuple(...holes.map(({ type }) => HOLES[type])), fc.nat({ max: 19 }), fc.nat({ max: literals.length - 1 }))
    .map(([values, luck, at]) =>
      literals
        .map((literal, i) => (luck === 0 && i === at ? literal.slice(0, -1) : luck === 1 && i === at ? literal + literal : literal) + (values[i] ?? ''))
        .join(''),
    )

const wrapped = (message: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(message, fc.nat({ max: 15 }), fc.nat({ max: 5 })).map(([text, kind, times]) => {
    if (kind === 0) return `error: ${text} [preauth]`
    if (kind === 1) return `message repeated ${times} times: [ ${text}]`
    if (kind === 2) return `message repeated ${times} times: [ message repeated 2 times: [ fatal: ${text} [postauth]]]`
    return text
  })

/** Cuts `cut` characters out at a place and puts others there. */
const mangled = (line: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(line, fc.nat({ max: 90 }), fc.nat({ max: 4 }), fc.string({ unit: 'binary', maxLength: 3 })).map(([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut))

/** Bytes of one line without its end; never a LF. */
function lineBytes(catalogue: CompiledCatalogue): fc.Arbitrary<Uint8Array> {
  const templates = catalogue.messages.map(filled)
  const message = wrapped(
    fc.oneof(
      { weight: 8, arbitrary: fc.nat({ max: templates.length - 1 }).chain((i) => templates[i] ?? fc.constant('')) },
      { weight: 2, arbitrary: fc.constantFrom(...hostileMessages) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    ),
  )
  const line = fc.tuple(fc.nat({ max: HEADERS.length - 1 }), message, fc.integer({ min: 1, max: 60 })).map(([i, text, pid]) => HEADERS[i]?.(text, pid) ?? '')
  const text = fc.oneof({ weight: 8, arbitrary: line }, { weight: 1, arbitrary: mangled(line) }, { weight: 1, arbitrary: fc.constantFrom(...oddLines) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) })
  return fc.oneof(
    { weight: 12, arbitrary: text.map((value): Uint8Array => Buffer.from(value.replaceAll('\n', ' '))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => (byte === 0x0a ? 0x20 : byte))) },
    // A good line in which some bytes are no UTF-8.
    { weight: 1, arbitrary: fc.tuple(line, fc.nat({ max: 120 }), fc.integer({ min: 0x80, max: 0xff })).map(([value, at, byte]) => overwritten(value.replaceAll('\n', ' '), at, byte)) },
  )
}

function overwritten(text: string, at: number, byte: number): Uint8Array {
  const bytes = Buffer.from(text)
  if (at < bytes.length) bytes[at] = byte
  return bytes
}

/** A source whose first line starts like this is read in another encoding, or without these bytes; further inside they are bytes like any. */
export const startsLikeBom = ([a, b, c]: Uint8Array): boolean => (a === 0xef && b === 0xbb && c === 0xbf) || (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)

export interface GeneratedSource {
  readonly seed: number
  /** Whole lines with their ends; the last one may have none. */
  readonly lines: readonly Uint8Array[]
  readonly bytes: Uint8Array
}

/** Makes sources of a catalogue: the same seed and size, the same bytes. */
export function sourceGenerator(catalogue: CompiledCatalogue): (seed: number, lines: number) => GeneratedSource {
  const end = fc.nat({ max: 9 }).map((luck) => Buffer.from(luck === 0 ? '\r\n' : '\n'))
  const whole = fc.tuple(lineBytes(catalogue), end).map(([line, terminator]): Uint8Array => Buffer.concat([line, terminator]))
  return (seed, count) => {
    const lines = fc.sample(whole, { seed, numRuns: count })
    // What a source starts with may choose its encoding (see startsLikeBom).
    if (lines[0] !== undefined && startsLikeBom(lines[0])) lines[0] = Buffer.from('no header\n')
    const last = lines.at(-1)
    // Each second source ends without a line end; a last line without bytes would be no line then.
    if (seed % 2 === 0 && last !== undefined && last.length > 2) lines[lines.length - 1] = last.subarray(0, -1)
    return { seed, lines, bytes: Buffer.concat(lines) }
  }
}
