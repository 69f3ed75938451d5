import type { Schema } from '@logpipe/core'
import { expect, test } from 'vitest'
import { compareRows } from './compare.ts'
import { canonical } from './rows.ts'

const column = (name: string, type: string): Schema['columns'][number] => ({ name, type, nullable: true, description: '' })
const schema: Schema = { name: 'x', version: 1, columns: [column('id', 'BIGINT'), column('value', 'JSON')] }
const compare = (left: (string | null)[][], right: (string | null)[][]) => compareRows(left, right, schema, ['a', 'b'])

test('names the row, the column and both values', () => {
  expect(compare([['1', 'x'], ['2', 'y']], [['1', 'x'], ['2', 'z']])).toEqual({ rows: 2, differing: 1, examples: [{ row: 2, first: '2', value: { a: 'y', b: 'z' } }] })
})

test('null is not the empty text', () => {
  expect(compare([['1', null]], [['1', '']])).toMatchObject({ differing: 1 })
})

test('a row that is missing differs, as do rows in another order', () => {
  expect(compare([['1', 'x']], [['1', 'x'], ['2', 'y']])).toMatchObject({ rows: 2, differing: 1 })
  expect(compare([['1', 'x'], ['2', 'y']], [['2', 'y'], ['1', 'x']])).toMatchObject({ rows: 2, differing: 2 })
})

test.each([
  ['{"n":0.500000}', '{"n":0.5}', true],
  ['{"n":1}', '{"n":1.000000}', true],
  ['{"n":0.500001}', '{"n":0.5}', false],
  ['{"n":9007199254740993}', '{"n":9007199254740992}', false],
  ['{"n":1}', '{"n":"1"}', false],
  ['{"a":1,"b":2}', '{"b":2,"a":1}', false],
])('documents %s and %s: equal %s', (left, right, equal) => {
  expect(compare([canonical(['1', left], schema)], [canonical(['1', right], schema)]).differing === 0).toBe(equal)
})
