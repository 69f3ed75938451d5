import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENT_COLUMNS } from '@logpipe/core/silver'
import { Harness } from '../../test/harness.ts'

/** How many rows the twin has, whether they are in line order, and those that only it or only events.json has. */
async function compare(source: string): Promise<{ rows: number; ordered: boolean; differing: unknown[] }> {
  await using harness = await Harness.open(source)
  await harness.run('bronze')
  await harness.run('silver')
  const [twin = ''] = readdirSync(harness.workDir, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('-twin'))
  const schema = harness.definition.schemas.get('events')!.columns.filter(({ name }) => Object.hasOwn(EVENT_COLUMNS, name))
  expect(schema.length).toBe(Object.keys(EVENT_COLUMNS).length)
  const columns = schema.map(({ name, type }) => `'${name}': '${type}'`).join(', ')
  const select = (from: string): string => `SELECT ${schema.map(({ name }) => `${name}, typeof(${name})`).join(', ')} FROM ${from}`
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson()
  try {
    await ask(`CREATE VIEW twin AS ${select(`read_parquet('${join(harness.workDir, twin)}')`)}`)
    await ask(`CREATE VIEW json AS ${select(`read_json('${harness.store.pathOf(harness.part('events'))}', format = 'newline_delimited', columns = {${columns}})`)}`)
    const [[rows, ordered] = []] = await ask('SELECT count(*), coalesce(list(line_no) = list_sort(list(line_no)), true) FROM twin')
    const differing = await ask('SELECT * FROM ((FROM twin EXCEPT ALL FROM json) UNION ALL (FROM json EXCEPT ALL FROM twin)) LIMIT 5')
    return { rows: Number(rows), ordered: ordered === true, differing }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const word = fc.oneof(fc.constantFrom('root', 'alice', '', 'web-1', '192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', 'dsl-7.example.net', '"\\', '\0'), fc.string({ unit: 'binary', maxLength: 300 }))
const time = fc.oneof(
  fc.constantFrom('2025-03-03T01:02:03Z', 'Mar  3 01:02:03', '1970-01-01T00:00:00.25+01:00'),
  fc.nat({ max: 999_999_999 }).map((nanos) => `2025-03-03T01:02:03.${String(nanos).padStart(9, '0')}Z`),
)
const tag = fc.oneof(fc.constantFrom('sshd[7]:', 'sshd[4294967296]:', 'sshd:', 'CRON[9]:'), fc.nat(50).map((pid) => `sshd-session[${pid}]:`))
const message = fc.oneof(
  fc.tuple(word, word, word).map(([method, user, address]) => `Failed ${method} for ${user} from ${address} port 22 ssh2`),
  fc.tuple(fc.integer({ min: 1, max: 1_000_000_000 }), word).map(([times, user]) => `message repeated ${times} times: [ Failed password for ${user} from 192.0.2.7 port 22 ssh2]`),
  word,
)
const line = fc.tuple(time, fc.constantFrom('web-1.example.org', 'db-1', 'hôte'), tag, message).map((parts) => parts.join(' ').replaceAll('\n', ' '))

test('the twin has the rows of events.json, whatever the lines hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 400, size: 'max' }), async (lines) => {
      expect(await compare(lines.map((text) => `${text}\n`).join(''))).toMatchObject({ ordered: true, differing: [] })
    }),
    { numRuns: 10 },
  )
})

test('also over several row groups, with more words than 16 bits can number', async () => {
  const lines = Array.from({ length: 130_000 }, (_, i) => `2025-03-03T01:02:03Z web-1 sshd[${i}]: Failed password for user${i} from 192.0.2.${i % 200} port 22 ssh2\n`)
  expect(await compare(lines.join(''))).toEqual({ rows: lines.length, ordered: true, differing: [] })
}, 60_000)
