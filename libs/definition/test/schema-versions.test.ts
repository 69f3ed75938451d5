import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Schema } from '@logpipe/core'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { defaultDefinitionDir } from '../src/index.ts'
import { definition } from './run-layer.ts'
import { PublishedSchema, versionFaults } from './schema-versions.ts'

const dir = join(defaultDefinitionDir(), 'schemas/published')
const files = (await readdir(dir)).map((file) => ({ file, name: file.replace(/\.v\d+\.yaml$/, ''), version: Number(/\.v(\d+)\.yaml$/.exec(file)?.[1]) }))
const publishedOf = async (name: string): Promise<PublishedSchema[]> =>
  Promise.all(
    files
      .filter((one) => one.name === name)
      .sort((a, b) => a.version - b.version)
      .map(async ({ file }) => PublishedSchema.parse(parse(await readFile(join(dir, file), 'utf8')))),
  )

test.each([...definition.schemas.values()])('$name keeps what it published', async (schema) => {
  expect(versionFaults(schema, await publishedOf(schema.name))).toEqual([])
})

test('every published file is of a schema in use, and named after what it holds', async () => {
  for (const { file, name, version } of files) {
    expect([...definition.schemas.keys()], file).toContain(name)
    expect((await publishedOf(name))[version - 1], file).toMatchObject({ name, version })
  }
})

describe('the rule', () => {
  const column = (name: string, over: Partial<Schema['columns'][number]> = {}) => ({ name, type: 'BIGINT', nullable: false, description: 'A count', ...over })
  const schema = (version: number, columns: Schema['columns']): Schema => ({ name: 'sample', version, columns })
  const v1 = schema(1, [column('a'), column('b', { nullable: true })])
  const after = (change: Schema['columns'], breaking?: string): string[] => {
    const v2 = schema(2, change)
    return versionFaults(v2, [v1, breaking === undefined ? v2 : { ...v2, breaking }])
  }
  const [a, b] = v1.columns as [Schema['columns'][number], Schema['columns'][number]]

  test('the same version is the same, meaning and unit too', () => {
    expect(versionFaults(v1, [v1])).toEqual([])
    for (const changed of [[column('a', { description: 'Seconds' }), b], [a], [b, a], [column('a', { type: 'DOUBLE' }), b], [a, b, column('c', { nullable: true })]]) {
      expect(versionFaults(schema(1, changed), [v1])).toEqual(['version 1 is not what was published under that number'])
    }
  })

  test('a version must be published, with those before it', () => {
    expect(versionFaults(v1, [])).toEqual(['version 1 is not published; the last one is none'])
    expect(versionFaults(schema(2, v1.columns), [v1])).toEqual(['version 2 is not published; the last one is 1'])
    expect(versionFaults(v1, [v1, schema(2, v1.columns)])).toEqual(['version 1 is not published; the last one is 2'])
    expect(versionFaults(schema(3, v1.columns), [v1, schema(3, v1.columns)])).toEqual(['published version 2 is missing'])
  })

  test('nullable columns at the end, and other words, are compatible', () => {
    expect(after([a, b, column('c', { nullable: true })])).toEqual([])
    expect(after([column('a', { description: 'A count of lines' }), b])).toEqual([])
  })

  test.each([
    ['a column that is gone', [a], 'column 2 was b and is gone'],
    ['a column in between', [a, column('c', { nullable: true }), b], 'column 2 was b and is c'],
    ['another name', [column('z'), b], 'column 1 was a and is z'],
    ['another type', [column('a', { type: 'DOUBLE' }), b], 'a was BIGINT and is DOUBLE'],
    ['null where none was', [column('a', { nullable: true }), b], 'a may be null now'],
    ['no null where one was', [a, column('b')], 'b may not be null any more'],
    ['a new column that is never null', [a, b, column('c')], 'the new column c is not nullable'],
  ])('%s breaks, unless the version says so', (_case, columns, fault) => {
    expect(after(columns)).toContain(`version 2 breaks readers of 1: ${fault}`)
    expect(after(columns, 'Readers by position must count again.')).toEqual([])
  })
})
