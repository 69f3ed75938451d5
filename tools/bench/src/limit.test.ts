import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { writeLog } from '@logpipe/loggen'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runLimit } from './limit.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limit-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('the limit reads every line and writes all of its text', async () => {
  const [log, parquet] = [join(folder, 'a.log'), join(folder, 'a.parquet')]
  const { bytes } = await writeLog({ seed: 1, lines: 5000 }, log)
  const phases = await runLimit(log, parquet, 1)
  expect(phases.map(({ name }) => name)).toEqual(['limit'])

  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`SELECT count(*)::INT, sum(strlen(line) + 1)::INT FROM read_parquet('${parquet}')`)
  expect(reader.getRows()).toEqual([[5000, bytes]])
  connection.closeSync()
  instance.closeSync()
})
