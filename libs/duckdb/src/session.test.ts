import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Session } from './session.ts'

let dir: string
let session: Session
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-session-'))
  await writeFile(join(dir, 'outside.csv'), 'secret\n')
  session = await Session.open(join(dir, 'inside'), { threads: 1, memoryLimit: '100MB', linesInMemory: 0 }, 'spill')
})
afterEach(async () => {
  await session.close()
  expect(await readdir(join(dir, 'inside'))).not.toContain('spill')
  await rm(dir, { recursive: true, force: true })
})

const refused = (sql: string): Promise<unknown> => session.connection.run(sql.replaceAll('$DIR', dir)).then(() => 'done', (error: unknown) => String(error).split(':')[0])

test.each([
  "SELECT * FROM read_csv('$DIR/outside.csv')",
  "SELECT * FROM read_text('$DIR/inside/../outside.csv')",
  "SELECT * FROM glob('$DIR/*')",
  "COPY (SELECT 1) TO '$DIR/written.csv'",
  "ATTACH '$DIR/other.db'",
  "SELECT * FROM read_csv('https://192.0.2.1/a.csv')",
  'INSTALL httpfs',
  'LOAD httpfs',
  "SET allowed_directories = ['/']",
  'SET enable_external_access = true',
  'RESET lock_configuration',
])('is refused: %s', async (sql) => {
  expect(await refused(sql)).not.toBe('done')
})

test('reads and writes in its folder, in UTC', async () => {
  const file = join(dir, 'inside', 'a.csv')
  await session.connection.run(`COPY (SELECT current_setting('TimeZone') AS zone) TO '${file}'`)
  expect((await session.connection.runAndReadAll(`SELECT * FROM read_csv('${file}')`)).getRowObjectsJS()).toEqual([{ zone: 'UTC' }])
})
