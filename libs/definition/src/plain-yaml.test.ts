import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { readFiles } from './files.ts'
import { defaultDefinitionDir } from './index.ts'
import { plainYaml } from './plain-yaml.ts'

const files = await readFiles(defaultDefinitionDir())
const catalogue = files.get('events.yaml')!

/** What the library says; undefined when it finds faults. */
function library(text: string): unknown {
  const document = parseDocument(text)
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown)
}

/** Nothing, or what the library says. */
function agrees(text: string): void {
  const plain = plainYaml(text)
  if (plain !== undefined) expect(plain).toEqual(library(text))
}

test('the catalogue is plain, so that every start is quick', () => {
  expect(plainYaml(catalogue)).toEqual(library(catalogue))
})

test.each([...files].filter(([path]) => path.endsWith('.yaml') && path !== 'events.yaml'))('never says other than the library: %s', (_path, text) => {
  agrees(text)
})

describe('what is not plain is left to the library', () => {
  test.each(['a: b\na: c', 'a: |\n  b', 'a: b\n  c', 'a: *b', '- - a', 'a: "b"', 'a: 0x1f', 'a: 1.5', 'a: b # c', "a: 'b' # c", 'a: b: c', "a: 'b", 'a: { b: c', 'a:\n', 'a:\n- b', '? a', '', '__proto__: a', 'a: [b, c,]', '--- a', 'a:\tb', '- a\nb: c', ' a: b\nc: d', '\u00a0- a', '{ a: b\u00a0}'])(
    '%j',
    (text) => expect(plainYaml(text)).toBeUndefined(),
  )
})

test('parts of the catalogue, cut and mixed with odd characters, are read as the library reads them or not at all', () => {
  const lines = catalogue.split('\n')
  const piece = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...lines.slice(90, 1500)) },
    fc.constantFrom('- a', '- { a: b, c: [1, x] }', 'k: [a, b]', "k: 'it''s'", 'k: { }', 'k: []', 'k: Null', 'k: yes', 'k: -0', 'k: 007', 'k: a - b', 'k: a  b', 'k:', '  k: v', '    - x: 1', '      y: 2', 'k: /a', 'k: a/', 'k: (x)'),
  )
  const edit = fc.tuple(fc.nat(200), fc.constantFrom('', ' ', '  ', "'", '"', ':', ': ', ' #', '#', ',', '{', '}', '[', ']', '-', '- ', '\t', '\n', '1', '~', '&', '*', '!', '|', '>', '%', '@', '`', '\u00a0', '\ufeff'))
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.array(edit, { maxLength: 3 }), (parts, edits) => {
      let text = parts.join('\n')
      for (const [at, put] of edits) text = text.slice(0, at) + put + text.slice(at)
      agrees(text)
    }),
    { numRuns: 3000 },
  )
})
