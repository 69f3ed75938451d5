import { afterEach, expect, test, vi } from 'vitest'
import { useHome } from '../../test/logpipe.ts'
import { explain, MAX_LINES } from './explain.ts'

const home = useHome()
const OPTIONS = { json: false, timezone: 'UTC', baseTime: '2026-01-10T00:00:00Z' }
const JSON_OPTIONS = { ...OPTIONS, json: true }
const HEADER = 'Jan  5 10:00:00 web-1.example.org sshd[7]:'

afterEach(() => vi.restoreAllMocks())

/** What a call writes to stdout. */
async function said(given: string, options: Parameters<typeof explain>[1], input: readonly Uint8Array[] = []): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await explain(given, options, (async function* () { yield* input })())).toBe(0)
  const text = write.mock.calls.map(([written]) => String(written)).join('')
  write.mockRestore()
  return text
}

interface Data {
  lines: { header: string | null; template: { id: string; text: string } | null; meaning: string; quarantine: string | null; event: Record<string, unknown> | null }[]
  more: boolean
}
const data = async (given: string, input?: readonly Uint8Array[]): Promise<Data> => (JSON.parse(await said(given, JSON_OPTIONS, input)) as { data: Data }).data

test('a try at a login: header, time, template, event with its meaning, outcome, attempt and every field', async () => {
  const text = await said(`${HEADER} Failed password for invalid user oracle from 192.0.2.7 port 50022 ssh2`, OPTIONS)
  for (const part of [
    /header +rfc3164$/,
    /time +2026-01-05T10:00:00Z {2}no year in the line/,
    /host +web-1\.example\.org$/,
    /program +sshd$/,
    /pid +7$/,
    /template +failed-invalid-user {2}Failed \{method\} for invalid user \{user\} from /,
    /event +login_failed {2}sshd refused one try at a login$/,
    /outcome +failure$/,
    /attempt +auth_failed {2}counts as 1 try at a login$/,
    / user +oracle$/,
    / address +192\.0\.2\.7$/,
    / port +50022$/,
    / fingerprint +\(none\)$/,
  ]) expect(text).toMatch(new RegExp(part.source, 'm'))
})

test('the same as JSON', async () => {
  const { lines } = await data(`${HEADER} message repeated 3 times: [ Failed password for root from 192.0.2.7 port 50022 ssh2]`)
  expect(lines).toMatchObject([{ header: 'rfc3164', template: { text: expect.stringContaining('{user}') as string }, quarantine: null, event: { user: 'root', repeat: 3, attempt: 'auth_failed', time: '2026-01-05T10:00:00Z' } }])
})

test('a quarantined line says its reason', async () => {
  expect(await said('May the force be with you', OPTIONS)).toMatch(/quarantined +no_header {2}no known header form/)
  expect((await data('')).lines).toMatchObject([{ quarantine: 'blank', event: null }])
})

test('a message that no template fits, and another program', async () => {
  const { lines } = await data(`${HEADER} quite unheard of 42\nJan  5 10:00:00 web-1 CRON[9]: tick`)
  expect(lines).toMatchObject([
    { template: null, meaning: expect.stringContaining('no template fits') as string, event: { event: 'unclassified' } },
    { template: null, event: { event: 'other_program', program: 'CRON' } },
  ])
})

test('stdin is cut into lines as a run cuts them, wherever its chunks end', async () => {
  const bytes = Buffer.concat([Buffer.from(`${HEADER} Invalid user \xff from 192.0.2.7\r\n`, 'latin1'), Buffer.from('\0\n'), Buffer.alloc(70_000, 'x'), Buffer.from(`\n${HEADER} x`)])
  const chunks = [bytes.subarray(0, 50), bytes.subarray(50, 60_000), bytes.subarray(60_000)]
  const { lines } = await data('-', chunks)
  expect(lines.map(({ quarantine, event }) => quarantine ?? event?.['event'])).toEqual(['invalid_user', 'binary', 'oversize', 'unclassified'])
  expect(lines[0]?.event).toMatchObject({ user: '\uFFFD' })
})

test('only the first lines of a long stdin are explained, and it is said', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const { lines, more } = await data('-', [Buffer.from('x\n'.repeat(MAX_LINES + 1))])
  expect([lines.length, more]).toEqual([MAX_LINES, true])
  expect(String(stderr.mock.calls[0]?.[0])).toContain('npx logpipe run')
})

test('what an attacker writes cannot steer the terminal', async () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\r\u009b\u202e'
  for (const line of [`${HEADER} Failed password for ${hostile} from 192.0.2.7 port 1 ssh2`, `${HEADER} ${hostile}`, hostile, `Jan  5 10:00:00 ${hostile} sshd[1]: x`]) {
    for (const options of [OPTIONS, JSON_OPTIONS]) {
      expect(await said(line, options)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  }
})

test.each([
  ['--base-time', 'yesterday', 'USAGE'],
  ['--timezone', 'Mars/Olympus', 'CONFIG_NOT_VALID'],
])('the command refuses %s %s', async (option, value, code) => {
  const ended = await home.logpipe('explain', 'x', option, value, '--json')
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code } })
  expect(ended.code).toBe(2)
})

test('the command itself', async () => {
  const { code, stdout, stderr } = await home.logpipe('explain', '2026-01-05T10:00:00+01:00 web-1 sshd-session[7]: Accepted publickey for deploy from 198.51.100.4 port 1000 ssh2: ED25519 SHA256:abc')
  expect(stdout).toMatch(/header +rfc3339\n +time +2026-01-05T09:00:00Z\n/)
  expect(stdout).toMatch(/event +login_accepted/)
  expect([code, stderr]).toEqual([0, ''])
})
