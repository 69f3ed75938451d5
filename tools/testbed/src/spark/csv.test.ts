import { expect, test } from 'vitest'
import { readCsv } from './csv.ts'

test.each([
  ['', []],
  ['a,b\n', [['a', 'b']]],
  ['a,b\n1,2', [['a', 'b'], ['1', '2']]],
  ['a,b\r\n,""\r\n', [['a', 'b'], [null, '']]],
  ['"x,""y""\nz",2\n', [['x,"y"\nz', '2']]],
  ['1,\n', [['1', null]]],
])('reads %j', (text, rows) => {
  expect(readCsv(text)).toEqual(rows)
})

test.each(['"a\n', 'a"b\n', '"a"b\n'])('refuses %j', text => {
  expect(() => readCsv(text)).toThrow(SyntaxError)
})
