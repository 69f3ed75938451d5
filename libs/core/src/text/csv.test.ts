import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvCells } from './csv.ts'

test.each([
  ['a,b\n', ['a', 'b']],
  ['a,""\r\n', ['a', '']],
  ['a,', ['a', null]],
  ['"x,""y""\nz",2', ['x,"y"\nz', '2']],
])('reads %j', (row, cells) => {
  expect(csvCells(row)).toEqual(cells)
})

test.each(['"a', 'a"b', '"a"b', 'a\nb'])('refuses %j', (row) => {
  expect(() => csvCells(row)).toThrow(SyntaxError)
})

test('what was quoted comes back', () => {
  const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '✓') }), { minLength: 1 }), (cells) => {
      expect(csvCells(quoted(cells))).toEqual(cells)
    }),
  )
})
