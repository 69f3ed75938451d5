import { createHash } from 'node:crypto'
import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Harness } from '../test/harness.ts'
import { smallDefinition } from '../test/small-definition.ts'

const line = (user: string, port = 50022): string => `2025-03-03T01:02:03Z web-1.example.org sshd[7]: Failed password for ${user} from 192.0.2.7 port ${port} ssh2`
const LOG = `${line('root')}\n${line('alice')}\n\nno header here\n${line('root', 50099)}`

test('takes a log through all layers', async () => {
  await using harness = await Harness.open(LOG)
  const [bronze, silver, gold, ml] = await harness.runAll()
  expect(bronze).toMatchObject({ counts: { lines: 5, bytes: LOG.length }, warnings: [] })
  expect(silver).toMatchObject({ counts: { lines: 5, parsed: 3, quarantined: 2, blank: 1, failed: 3, accepted: 0, quarantined_no_header: 1 }, warnings: [] })
  expect(gold?.counts).toEqual({ by_user: 2 })
  expect(ml?.counts).toEqual({ tries: 3, tries_table: 3 })
  expect(await harness.text('by_user')).toBe('user,failures,last_port\nalice,1,50022\nroot,2,50099\n')
  expect(await harness.text('summary')).toBe('{"tries":3,"weight":1.5,"timezone":"UTC","nothing":null,"known":0}\n')
  expect((await harness.jsonLines('tries'))[0]).toEqual({ line_no: 1, user: 'root', raw: line('root'), details: { port: 50022 } })
  expect(await harness.parquet('lines', 'source, line_no, raw')).toContainEqual({ source: 'bronze/web-1/auth.log', line_no: 4n, raw: 'no header here' })
})

test('names each part with its bytes, hash and rows', async () => {
  await using harness = await Harness.open(LOG)
  await harness.runAll()
  expect(harness.part('lines')).toMatchObject({ container: 'bronze', name: '_runs/slug/run-1/attempt=1/lines.parquet', rows: 5 })
  expect(harness.part('quarantine')).toMatchObject({ container: 'silver', rows: 2 })
  expect(harness.part('summary')).toMatchObject({ name: '_runs/slug/run-1/attempt=1/ml/summary.json', rows: null })
  for (const part of harness.parts) expect(await harness.store.stat(part)).toMatchObject({ bytes: part.bytes, metadata: { sha256: part.sha256 } })
})

test('an empty source gives empty, valid outputs and a warning', async () => {
  await using harness = await Harness.open('')
  const [bronze] = await harness.runAll()
  expect(bronze).toMatchObject({ counts: { lines: 0, bytes: 0 }, warnings: ['EMPTY_SOURCE'] })
  expect(await harness.text('events')).toBe('')
  expect(await harness.text('by_user')).toBe('user,failures,last_port\n')
  expect(await harness.parquet('lines')).toEqual([])
  expect(await harness.parquet('lines', 'typeof(any_value(raw_bytes)) AS type')).toEqual([{ type: 'BLOB' }])
})

test('context without a part is empty; a part gives its rows, and is refused when it is not what was written', async () => {
  const body = Buffer.from('{"user":"root","tries":3}\n{"user":"alice","tries":null}\n')
  const ref = { container: 'pipeline', name: 'known.json' }
  const part = { output: 'known', ...ref, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), rows: 2 }
  await using harness = await Harness.open(LOG)
  await harness.store.put(ref, body)
  harness.parts = [part]
  await harness.runAll()
  expect(await harness.jsonLines('summary')).toMatchObject([{ known: 3 }])
  await harness.restart(true)
  harness.parts = harness.parts.map((one) => (one.output === 'known' ? { ...one, sha256: '0'.repeat(64) } : one))
  await expect(harness.run('ml')).rejects.toMatchObject({ code: 'OUTPUT_CORRUPT' })
})

test('the same task gives the same bytes, whatever the threads and wherever the tables lie', async () => {
  const log = Array.from({ length: 20_000 }, (_, i) => line(`user${i % 97}`, i)).join('\n')
  const hashes: string[][] = []
  for (const [threads, linesInMemory] of [[1, 20_000], [3, 20_000], [1, 19_999]] as const) {
    await using harness = await Harness.open(log, { threads, linesInMemory })
    await harness.runAll()
    hashes.push(harness.parts.map(({ sha256 }) => sha256))
    const files = await readdir(harness.workDir, { recursive: true })
    expect(files.some((path) => path.endsWith('.duckdb'))).toBe(linesInMemory < 20_000)
  }
  expect(hashes[1]).toEqual(hashes[0])
  expect(hashes[2]).toEqual(hashes[0])
})

test('a layer delivered twice is fine', async () => {
  await using harness = await Harness.open(LOG)
  await harness.runAll()
  const before = harness.parts
  await harness.runAll()
  expect(harness.parts).toEqual(before)
})

test('never writes over an output with other bytes', async () => {
  await using harness = await Harness.open(LOG)
  await harness.store.put({ container: 'bronze', name: '_runs/slug/run-1/attempt=1/lines.parquet' }, Buffer.from('something else'))
  await expect(harness.run('bronze')).rejects.toMatchObject({ code: 'PART_CONFLICT' })
})

test('reads the source once, and goes on after a restart from what is kept', async () => {
  await using harness = await Harness.open(LOG)
  await harness.run('bronze')
  await harness.restart(false)
  await harness.run('silver')
  await harness.run('gold')
  expect(harness.store.reads).toEqual(['bronze/web-1/auth.log'])
})

test('fetches what is not kept any more, to the same bytes', async () => {
  await using clean = await Harness.open(LOG)
  await clean.runAll()
  await using harness = await Harness.open(LOG)
  for (const { name } of harness.definition.layers) {
    await harness.run(name)
    await harness.restart(true)
  }
  expect(harness.parts).toEqual(clean.parts)
})

test('refuses an input that is not what was written', async () => {
  await using harness = await Harness.open(LOG)
  await harness.run('bronze')
  await harness.run('silver')
  await harness.restart(true)
  truncateSync(harness.store.pathOf(harness.part('events')), 100)
  await expect(harness.run('gold')).rejects.toMatchObject({ code: 'OUTPUT_CORRUPT' })
  await harness.store.remove(harness.part('events'))
  await expect(harness.run('gold')).rejects.toMatchObject({ code: 'OUTPUT_MISSING' })
})

test('a source overwritten meanwhile is not read', async () => {
  await using harness = await Harness.open(LOG)
  await harness.store.put(harness.source, Buffer.from('another version'))
  await expect(harness.run('bronze')).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
})

test.each([
  ['SELECT a.user, CAST(1 AS BIGINT) AS failures FROM attempts a ORDER BY a.user', /columns are user, failures; the schema says user, failures, last_port/],
  ['SELECT a.user, 1 AS failures, a.port AS last_port FROM attempts a ORDER BY a.user', /failures is INTEGER; the schema says BIGINT/],
  ['SELECT CAST(NULL AS VARCHAR) AS user, CAST(1 AS BIGINT) AS failures, a.port AS last_port FROM attempts a', /user is null in 3 rows; the schema says never/],
  ['SELECT nothing FROM nowhere', /layers\/by_user\.sql: Catalog Error/, 'CATALOGUE_NOT_VALID'],
])('an output that does not fit its schema is refused: %s', async (sql, detail, code = 'OUTPUT_NOT_VALID') => {
  await using harness = await Harness.open(LOG, { definition: smallDefinition({ 'by_user.sql': sql }) })
  await harness.run('bronze')
  await harness.run('silver')
  const failure: unknown = await harness.run('gold').catch((error: unknown) => error)
  expect(failure).toMatchObject({ code, message: expect.stringMatching(detail) as string })
  expect(await harness.store.stat({ container: 'gold', name: '_runs/slug/run-1/attempt=1/by_user.csv' })).toBeNull()
})

test('text that a spreadsheet would run gets an apostrophe in CSV only', async () => {
  await using harness = await Harness.open(`${line('=1+1')}\n${line('a,"b"')}\n`)
  await harness.runAll()
  expect(await harness.text('by_user')).toBe('user,failures,last_port\n\'=1+1,1,50022\n"a,""b""",1,50022\n')
  expect((await harness.jsonLines('tries'))[0]).toMatchObject({ user: '=1+1' })
})

test('an abort stops a walk and throws its reason', async () => {
  await using harness = await Harness.open(LOG)
  const stop = new AbortController()
  stop.abort(new Error('stopped by the test'))
  await expect(harness.run('bronze', { signal: stop.signal })).rejects.toThrow('stopped by the test')
})

test('an abort interrupts SQL that would not end', async () => {
  const endless = 'SELECT count(*) AS tries, 1.5 AS weight, max(a.range) AS timezone, NULL AS nothing FROM range(10000000000) a CROSS JOIN range(10000000000) b'
  await using harness = await Harness.open(LOG, { definition: smallDefinition({ 'summary.sql': endless }) })
  await harness.run('bronze')
  await harness.run('silver')
  const stop = new AbortController()
  const running = harness.run('ml', { signal: stop.signal })
  const published = async (): Promise<boolean> => (await harness.store.stat({ container: 'gold', name: '_runs/slug/run-1/attempt=1/ml/tries.parquet' })) !== null
  await expect.poll(published, { timeout: 20_000 }).toBe(true)
  stop.abort(new Error('stopped by the test'))
  await expect(running).rejects.toThrow('stopped by the test')
})

test('release leaves nothing', async () => {
  await using harness = await Harness.open(LOG)
  await harness.runAll()
  expect(await readdir(harness.workDir)).toHaveLength(1)
  await harness.engine.release('run-1')
  expect(await readdir(harness.workDir)).toEqual([])
})

test('a failed layer leaves no half-written files', async () => {
  await using harness = await Harness.open(Buffer.from([0x1f, 0x8b, 8, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]))
  await expect(harness.run('bronze')).rejects.toMatchObject({ code: 'SOURCE_NOT_READABLE' })
  expect(readdirSync(harness.workDir).flatMap((folder) => readdirSync(join(harness.workDir, folder)))).toEqual([])
})

test.each(["'; DROP TABLE lines; --.log", '../../../../etc/passwd', 'a b/é\u202e.log', 'x'.repeat(90)])('a hostile source name is only a name: %s', async (sourceName) => {
  await using harness = await Harness.open(LOG, { sourceName })
  await harness.runAll()
  expect(await harness.parquet('lines', 'DISTINCT source')).toEqual([{ source: `bronze/${sourceName}` }])
})

test('a work folder that cannot be made is a coded error', async () => {
  await using harness = await Harness.open(LOG)
  writeFileSync(harness.workDir, 'in the way')
  await expect(harness.run('bronze')).rejects.toMatchObject({ code: 'STAGE_FAILED' })
  rmSync(harness.workDir)
})
