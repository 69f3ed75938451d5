import { Config } from '@logpipe/core'
import { expect, test } from 'vitest'
import { chooseEngine } from './engine.ts'

const config = (engine: Config['engine'], host = '') => Config.parse({ engine, storage: { connection: 'x' }, databricks: { host, minBytes: 1000 } })

test.each([
  ['duckdb', 'https://w', 10 ** 9, undefined, 'duckdb', /engine: duckdb/],
  ['databricks', 'https://w', 1, undefined, 'databricks', /engine: databricks/],
  ['auto', '', 10 ** 9, undefined, 'duckdb', /no Databricks workspace/],
  ['auto', 'https://w', 999, undefined, 'duckdb', /less than/],
  ['auto', 'https://w', 1000, undefined, 'databricks', /at least/],
  ['duckdb', 'https://w', 1, 'databricks', 'databricks', /source wants/],
  ['duckdb', 'https://w', 1, 'auto', 'duckdb', /source wants engine: auto/],
] as const)('%s with workspace %j, %d bytes, wish %s: %s', (engine, host, bytes, wished, name, why) => {
  expect(chooseEngine(config(engine, host), bytes, wished)).toMatchObject({ name, why: expect.stringMatching(why) as string })
})
