import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { generated } from '../test/generated.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, 'main.ts')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loggen-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('writes the log and its truth to files', async () => {
  const [log, truth] = [join(folder, 'a.log'), join(folder, 'a.truth')]
  await run(process.execPath, [main, '--lines', '2000', '--seed', '7', '--out', log, '--truth', truth])
  const expected = generated({ seed: 7, lines: 2000 })
  expect(await readFile(log, 'latin1')).toBe(expected.text)
  expect((await readFile(truth, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(expected.truth)
})

test('writes to stdout where no file is named', async () => {
  const options = ['--lines', '3000', '--seed', '2', '--host', 'web-9.example.org=9.8', '--mix', 'background=1', '--days', '2', '--crlf']
  const { stdout } = await run(process.execPath, [main, ...options], { encoding: 'latin1', maxBuffer: 1e7 })
  const hosts = [{ name: 'web-9.example.org', sshd: '9.8' }] as const
  expect(stdout).toBe(generated({ seed: 2, lines: 3000, hosts, mix: { background: 1 }, days: 2, newline: '\r\n' }).text)
})

test('writes the history to a file of its own', async () => {
  const [log, history] = [join(folder, 'a.log'), join(folder, 'history.log')]
  const kinds = ['--profile', 'full', '--only', 'unusual_hour,background', '--mix', 'attack=1,background=1', '--format', 'rfc3339']
  await run(process.execPath, [main, '--lines', '3000', '--seed', '2', ...kinds, '--history-days', '8', '--history', history, '--out', log])
  const mix = { attack: 1, background: 1 }
  const expected = generated({ seed: 2, lines: 3000, profile: 'full', only: ['unusual_hour', 'background'], mix, format: 'rfc3339' })
  expect((await readFile(history, 'latin1')) + (await readFile(log, 'latin1'))).toBe(expected.text)
})

test.each([
  [['--seed', '1'], 2, /lines: expected a whole number/],
  [['--lines', '5', '--seed', '1', '--bogus'], 2, /bogus/],
  [['--lines', '5', '--seed', '1', '--profile', 'loud'], 2, /profile: expected one of basic, full, got loud/],
  [['--lines', '5', '--seed', '1', '--history', 'x'], 2, /history: needs --history-days/],
  [['--lines', '5', '--seed', '1', '--host', 'web-1.example.org=7'], 2, /host: expected one of 6.6, 7.4, 8.9, 9.2, 9.8/],
  [['--lines', '5', '--seed', '1', '--out', '/nowhere/x.log'], 3, /ENOENT/],
  [['--lines', '5', '--seed', '1', '--truth', '/nowhere/x.truth'], 3, /ENOENT/],
])('%j exits %i without a stack', async (args, code, message) => {
  const failure: unknown = await run(process.execPath, [main, ...args]).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code, stderr: expect.stringMatching(message) as string })
  expect((failure as { stderr: string }).stderr).not.toMatch(/\n {4}at /)
})
