import { expect, test } from 'vitest'
import { decode, encode } from './bytes.ts'
import { Classifier } from './classify.ts'
import { MessageEntry } from './document.ts'
import { parseTemplate } from './template.ts'

const entry = (id: string): MessageEntry =>
  MessageEntry.parse({ id, template: '-', event: 'e', outcome: 'none', versions: '1', sample: { message: '-' } })

const classifierOf = (...templates: string[]): Classifier =>
  new Classifier({
    messages: templates.map((source, index) => ({ ...entry(`t${index}`), ...parseTemplate(source).template, source, index, alone: false })),
  })

/** The template that fits and the texts of its holes. */
function fit(classifier: Classifier, text: string): [string, ...string[]] | null {
  const bytes = encode(text)
  classifier.classify(bytes, 0, bytes.length)
  const { message, matcher } = classifier
  return message === null ? null : [message.source, ...message.holes.map((_, i) => decode(bytes, matcher.starts[i], matcher.ends[i]))]
}

const FAILED = 'Failed {method} for {user} from {address} port {port} {protocol}'

test.each([
  ['Failed password for root from 192.0.2.1 port 22 ssh2', ['password', 'root', '192.0.2.1', '22', 'ssh2']],
  ['Failed password for a from 10.0.0.1 port 22 ssh2 from 192.0.2.1 port 5 ssh2', ['password', 'a from 10.0.0.1 port 22 ssh2', '192.0.2.1', '5', 'ssh2']],
  ['Failed password for x from from 192.0.2.1 port 5 ssh2', ['password', 'x from', '192.0.2.1', '5', 'ssh2']],
  ['Failed password for  from 192.0.2.1 port 5 ssh2', ['password', '', '192.0.2.1', '5', 'ssh2']],
  ['Failed password for  0101 from 192.0.2.1 port 5 ssh2  ', ['password', ' 0101', '192.0.2.1', '5', 'ssh2']],
])('the last ` from ` counts: %s', (text, holes) => {
  expect(fit(classifierOf(FAILED), text)).toEqual([FAILED, ...holes])
})

test.each(['Failed password for root from 192.0.2.1 port x ssh2', 'Failed password for root from  port 2 ssh2', 'Failed password for root from 1 port 12345678901 ssh2', 'Failed '])(
  'a hole of another type does not fit: %s',
  text => {
    expect(fit(classifierOf(FAILED), text)).toBeNull()
  },
)

test('the first of several that fit wins, however their starts differ', () => {
  const classifier = classifierOf('{:token}: no kex', 'error in {}', 'a: no {reason}', '{}: no {reason}')
  expect(fit(classifier, 'a: no kex')).toEqual(['{:token}: no kex', 'a'])
  expect(fit(classifier, 'a: no luck')).toEqual(['a: no {reason}', 'luck'])
  expect(fit(classifier, 'b c: no luck')).toEqual(['{}: no {reason}', 'b c', 'luck'])
})

test('spaces at the end belong to a text hole there and to nothing else', () => {
  expect(fit(classifierOf('user {user}'), 'user a ')).toEqual(['user {user}', 'a '])
  expect(fit(classifierOf('rhost={rhost}'), 'rhost=192.0.2.1 \t')).toEqual(['rhost={rhost}', '192.0.2.1'])
  expect(fit(classifierOf('no holes'), 'no holes ')).toEqual(['no holes'])
})

test.each([
  ['error: x [preauth]', 1, 'error: <*> [preauth]'],
  ['fatal: x', 1, 'fatal: <*>'],
  ['message repeated 3 times: [ error: x [preauth]]', 3, 'message repeated <*> times: [ error: <*> [preauth]]'],
  ['message repeated 3 times: [ message repeated 4 times: [ x]]', 12, 'message repeated <*> times: [ message repeated <*> times: [ <*>]]'],
  ['message repeated 999999999 times: [ message repeated 9 times: [ x]]', 2147483647, 'message repeated <*> times: [ message repeated <*> times: [ <*>]]'],
])('wrapping is taken off and put back: %s', (text, repeat, template) => {
  const classifier = classifierOf('{}')
  const bytes = encode(text)
  classifier.classify(bytes, 0, bytes.length)
  expect(decode(bytes, classifier.wrapper.bodyStart, classifier.wrapper.bodyEnd)).toBe('x')
  expect(classifier.wrapper.repeat).toBe(repeat)
  expect(classifier.template(bytes)).toBe(template)
})

test.each(['message repeated 0 times: [ x]', 'message repeated x times: [ x]', 'message repeated 2 times: [ x', 'message repeated 2 times: x]', 'message repeated 2 times: []'])(
  'what only looks like wrapping is text: %s',
  text => {
    const classifier = classifierOf('{}')
    fit(classifier, text)
    expect(classifier.wrapper.repeat).toBe(1)
    expect(classifier.wrapper.levels).toBe(0)
  },
)

test('a message that nothing fits gets its template by masking', () => {
  const classifier = classifierOf('nothing like it')
  const bytes = encode(`error: "a b" and 'c' at 10.0.0.1:22, fe80::1 or 0x1f.`)
  classifier.classify(bytes, 0, bytes.length)
  expect(classifier.template(bytes)).toBe('error: <*> and <*> at <*>, fe<*> or <*>x<*>.')
})

test('the work grows with the length of a hostile line, not faster', () => {
  const classifier = classifierOf(FAILED, 'Failed {} for {} from {} port {} ssh2 {} end', '{}: {} from {} port {}')
  const work = (size: number): number => {
    const before = classifier.matcher.steps
    fit(classifier, `Failed password for ${' from 1 port 2 ssh2'.repeat(size / 19)}`)
    return classifier.matcher.steps - before
  }
  work(1000)
  expect(work(1_000_000) / work(100_000)).toBeLessThan(11)
})
