import { describe, expect, test } from 'vitest'
import { generated } from '../../test/generated.ts'
import { readBack } from '../../test/read-back.ts'
import { daemonAccounts } from '../names.ts'
import type { Truth } from '../truth.ts'

/** All incidents of one kind whose story is complete, as rows by incident: a log's end cuts those still alive. */
function incidents(kind: string): Truth[][] {
  const { truth } = generated({ seed: 21, lines: 30_000, profile: 'full', days: 21, mix: { [kind]: 1, background: 1 } })
  const end = truth.reduce((latest, row) => (row.end > latest ? row.end : latest), '')
  const groups = new Map<string, Truth[]>()
  for (const row of truth) if (row.class === kind) groups.set(row.incident, [...(groups.get(row.incident) ?? []), row])
  const whole = [...groups.values()].filter((rows) => rows.every((row) => Date.parse(end) - Date.parse(row.end) > 3_600_000))
  expect(whole.length).toBeGreaterThan(2)
  return whole
}

const subjectsOf = (kind: string, of: Truth['kind']) => incidents(kind).flat().filter((row) => row.kind === of && row.role === 'subject')
/** Times of failures in s, by address. */
function failureTimes(kind: string): Map<string, number[]> {
  const { text, truth } = generated({ seed: 25, lines: 20_000, profile: 'full', mix: { [kind]: 1, background: 1 } })
  const addresses = new Set(truth.filter((row) => row.class === kind && row.role === 'subject').map((row) => row.entity))
  const times = new Map<string, number[]>()
  for (const { message, time } of readBack(text)) {
    const address = / from (\S+) port \d+ ssh2$/.exec(message)?.[1]
    if (address === undefined || !message.startsWith('Failed ') || !addresses.has(address)) continue
    times.set(address, [...(times.get(address) ?? []), Date.parse(time) / 1000])
  }
  // Those at the end are cut.
  const whole = new Map([...times].filter(([, own]) => own.length >= 5))
  expect(whole.size).toBeGreaterThan(5)
  return whole
}

interface Login {
  readonly host: string
  readonly user: string
  readonly address: string
  readonly time: string
}

function loginsOf(text: string): Login[] {
  return readBack(text).flatMap(({ host, message, time }) => {
    const [, user, address] = /^Accepted \S+ for (\S+) from (\S+) /.exec(message) ?? []
    return user === undefined ? [] : [{ host, user, address: address!, time }]
  })
}

/** A theft's own login, and those of the same user before it. */
function split(logins: readonly Login[], theft: Truth): [Login, Login[]] {
  const ofUser = logins.filter(({ host, user }) => host === theft.host && user === theft.entity)
  const at = ofUser.findIndex(({ time }) => time >= theft.start)
  return [ofUser[at]!, ofUser.slice(0, at)]
}

/** Seconds between two times of day, the short way round. */
function clockDistance(a: string, b: string): number {
  const distance = Math.abs(Date.parse(a) - Date.parse(b)) / 1000 % 86_400
  return Math.min(distance, 86_400 - distance)
}

const usersOf = (rows: readonly Truth[]) => new Set(rows.filter((row) => row.kind === 'user').map((row) => row.entity)).size
const seconds = ({ start, end }: Truth) => (Date.parse(end) - Date.parse(start)) / 1000

describe('attacks', () => {
  test.each([
    ['fast_brute_force', 12, 10],
    ['slow_brute_force', 12, 3 * 3600],
    ['spraying', 12, 600],
    ['mixed_bot', 4, 86_400],
    ['returning_brute_force', 12, 43_200],
  ])('%s: %i failures or more of one address, at most %i s apart on average, none right', (kind, least, slowest) => {
    const totals = incidents(kind).map((rows) => rows.filter((row) => row.kind === 'address'))
    for (const rows of totals) {
      const failures = rows.reduce((sum, row) => sum + row.failures, 0)
      expect(failures).toBeGreaterThanOrEqual(least)
      expect(rows.filter((row) => row.successes > 0 || !row.attack)).toEqual([])
      expect(Math.max(...rows.map(seconds)) / failures).toBeLessThan(slowest)
    }
  })

  test('slow_brute_force never fails five times within ten minutes, and is not regular', () => {
    for (const times of failureTimes('slow_brute_force').values()) {
      expect(times.filter((time, n) => n >= 4 && time - times[n - 4]! < 600)).toEqual([])
      const gaps = times.slice(1).map((time, n) => time - times[n]!).sort((a, b) => a - b)
      expect(gaps[Math.floor(gaps.length * 0.75)]! / gaps[Math.floor(gaps.length * 0.25)]!).toBeGreaterThan(1.25)
    }
  })

  test('periodic_tries fails at regular times ten minutes and more apart', () => {
    for (const times of failureTimes('periodic_tries').values()) {
      expect(times.length).toBeGreaterThanOrEqual(5)
      const gaps = times.slice(1).map((time, n) => time - times[n]!)
      expect(Math.min(...gaps)).toBeGreaterThan(570)
      expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.35)
    }
  })

  test('spraying tries twelve users or more', () => {
    for (const rows of incidents('spraying')) expect(usersOf(rows)).toBeGreaterThanOrEqual(12)
  })

  test('enumeration names users without a password', () => {
    for (const rows of incidents('enumeration')) {
      expect(usersOf(rows)).toBeGreaterThanOrEqual(11)
      expect(rows.filter((row) => row.successes > 0)).toEqual([])
    }
    expect(subjectsOf('enumeration', 'address').some((row) => row.failures === 0)).toBe(true)
  })

  test.each([
    ['distributed_user', 'user'], ['distributed_subnet', 'subnet'], ['host_burst', 'host'],
  ])('%s: many addresses, each with few tries, against one %s or from it', (kind, subject) => {
    for (const rows of incidents(kind)) {
      const members = rows.filter((row) => row.role === 'member')
      expect(members.length).toBeGreaterThanOrEqual(8)
      expect(members.filter((row) => row.kind !== 'address' || row.failures > 4)).toEqual([])
      expect(rows.filter((row) => row.role === 'subject').map((row) => row.kind)).toEqual([subject])
    }
  })

  test.each(['probes', 'kex_probing', 'preauth_fatals'])('%s: one address that never names a user', (kind) => {
    for (const rows of incidents(kind)) {
      expect(rows.map((row) => row.kind)).toEqual(['address'])
      expect(rows[0]!.last_line - rows[0]!.first_line).toBeGreaterThanOrEqual(5)
      expect(rows[0]!.attempts).toBe(0)
    }
  })

  test('account_taken fails eight times or more on one account and gets in', () => {
    for (const rows of incidents('account_taken')) {
      const [user, ...others] = rows.filter((row) => row.kind === 'user')
      expect(others).toEqual([])
      expect(user!.failures).toBeGreaterThanOrEqual(8)
      expect(user!.successes).toBeGreaterThanOrEqual(1)
    }
  })

  test('system_account is a login to an account that never logs in otherwise', () => {
    const rows = subjectsOf('system_account', 'user')
    expect(rows.filter((row) => row.successes === 0)).toEqual([])
    expect(daemonAccounts).toEqual(expect.arrayContaining(rows.map((row) => row.entity)))
  })

  test.each(['denied_account', 'locked_account', 'root_refused'])('%s is refused five times or more', (kind) => {
    expect(subjectsOf(kind, 'address').filter((row) => row.failures < 5 || row.successes > 0)).toEqual([])
  })

  test('unusual_hour: a login four hours and more from any of the user before, from his own address', () => {
    const { text, truth } = generated({ seed: 22, lines: 20_000, profile: 'full', mix: { unusual_hour: 1, background: 1 } })
    const logins = loginsOf(text)
    const thefts = truth.filter((row) => row.class === 'unusual_hour' && row.kind === 'user')
    expect(thefts.length).toBeGreaterThan(10)
    for (const theft of thefts) {
      const [own, before] = split(logins, theft)
      expect(before.length).toBeGreaterThan(5)
      expect(Math.min(...before.map((login) => clockDistance(login.time, theft.start)))).toBeGreaterThan(3.9 * 3600)
      expect(before.map(({ address }) => address)).toContain(own.address)
    }
  })

  test('first_address: a login from an address that was never seen before, at an hour that was', () => {
    const { text, truth } = generated({ seed: 23, lines: 20_000, profile: 'full', mix: { first_address: 1, background: 1 } })
    const logins = loginsOf(text)
    const thefts = truth.filter((row) => row.class === 'first_address' && row.kind === 'user')
    expect(thefts.length).toBeGreaterThan(10)
    for (const theft of thefts) {
      const [own, before] = split(logins, theft)
      expect(before.length).toBeGreaterThan(5)
      expect(before.map(({ address }) => address)).not.toContain(own.address)
      expect(logins.filter(({ address }) => address === own.address).every(({ user }) => user === theft.entity)).toBe(true)
      expect(theft.failures).toBe(0)
    }
  })
})

describe('what only looks like an attack', () => {
  test('background: at most three tries, none of them right; some only knock', () => {
    const rows = subjectsOf('background', 'address')
    expect(rows.filter((row) => row.attack || row.attempts > 3 || row.successes > 0)).toEqual([])
    expect(rows.some((row) => row.attempts === 0)).toBe(true)
  })

  test('legitimate: one user, nearly always right', () => {
    const rows = subjectsOf('legitimate', 'address')
    const failures = rows.reduce((sum, row) => sum + row.failures, 0)
    const successes = rows.reduce((sum, row) => sum + row.successes, 0)
    expect(failures).toBeGreaterThan(0)
    expect(failures / successes).toBeLessThan(0.1)
  })

  test('many_keys: five or more refused keys before every login', () => {
    for (const row of subjectsOf('many_keys', 'user')) {
      expect(row.successes).toBeGreaterThan(0)
      expect(row.failures).toBeGreaterThanOrEqual(5 * row.successes)
    }
  })

  test('busy_gateway: hundreds of logins over days, and few failures', () => {
    const rows = subjectsOf('busy_gateway', 'address')
    expect(rows.filter((row) => row.successes < 150 || row.failures / row.successes > 0.05 || seconds(row) < 3 * 86_400)).toEqual([])
    expect(rows.some((row) => row.failures > 0)).toBe(true)
  })

  test('session_close_flood: dozens of closes within a minute', () => {
    for (const row of subjectsOf('session_close_flood', 'host')) {
      expect(row.last_line - row.first_line).toBeGreaterThanOrEqual(39)
      expect(seconds(row)).toBeLessThan(60)
      expect(row.attempts).toBe(0)
    }
  })

  test('reverse_dns_noise and monitoring fail nothing', () => {
    for (const kind of ['reverse_dns_noise', 'monitoring']) expect(subjectsOf(kind, 'address').filter((row) => row.failures > 0)).toEqual([])
  })

  test('monitoring comes from its range', () => {
    expect(subjectsOf('monitoring', 'address').filter(({ entity }) => !/^198\.19\.255\.(19[2-9]|2\d\d)$/.test(entity))).toEqual([])
  })

  test('automation logs in 20 times or more', () => {
    expect(subjectsOf('automation', 'address').filter((row) => row.successes < 20 || row.failures > 2)).toEqual([])
  })

  test('office: many users of one address, nearly all let in, one with three or four failures at once', () => {
    for (const rows of incidents('office')) {
      const [address] = rows.filter((row) => row.kind === 'address')
      const users = rows.filter((row) => row.kind === 'user')
      expect(users.length).toBeGreaterThanOrEqual(5)
      expect(address!.failures / address!.successes).toBeLessThan(0.4)
      expect(users.some((row) => row.failures >= 3)).toBe(true)
    }
  })

  test('forgotten_password: two to four failures, then in', () => {
    expect(subjectsOf('forgotten_password', 'user').filter((row) => row.failures < 2 || row.failures > 4 || row.successes < 2)).toEqual([])
  })

  test('roaming_user comes from many addresses, irregular_hours at all hours', () => {
    for (const rows of incidents('roaming_user')) expect(rows.filter((row) => row.kind === 'address').length).toBeGreaterThan(3)
    const { text } = generated({ seed: 24, lines: 8000, profile: 'full', mix: { irregular_hours: 1 } })
    const byUser = [...Map.groupBy(loginsOf(text), ({ user }) => user).values()].filter((logins) => logins.length >= 20)
    const hours = byUser.map((logins) => new Set(logins.map(({ time }) => time.slice(11, 13))).size)
    expect(Math.min(...hours)).toBeGreaterThan(8)
  })
})

describe('the messages', () => {
  const read = readBack(generated({ seed: 4, lines: 20_000 }).text)
  const of = (host: string) => new Set(read.filter((line) => line.host === host).map((line) => line.message.replace(/\d+/g, '0')))
  const old = [...of('web-1.example.org')]
  const recent = [...of('web-2.example.org')]

  test.each([
    ['reverse mapping', /^reverse mapping checking getaddrinfo for \S+ \[\S+\] failed - POSSIBLE BREAK-IN ATTEMPT!$/],
    ['unknown user', /^Invalid user \S+ from \S+$/],
    ['user with no name', /^Invalid user {2}from \S+$/],
    ['second line of an unknown user', /^input_userauth_request: invalid user \S+ \[preauth\]$/],
    ['PAM check', /^pam_unix\(sshd:auth\): check pass; user unknown$/],
    ['PAM failure without a user', /^pam_unix\(sshd:auth\): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=\S+ $/],
    ['PAM failure with a user', /^pam_unix\(sshd:auth\): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=\S+ {2}user=root$/],
    ['failed none', /^Failed none for invalid user /],
    ['repeats', /^message repeated 0 times: \[ Failed password for \S+ from \S+ port 0 ssh0\]$/],
    ['too many failures', /^Disconnecting: Too many authentication failures for \S+ \[preauth\]$/],
    ['PAM sum', /^PAM 0 more authentication failures; /],
    ['PAM retries', /^PAM service\(sshd\) ignoring max retries; 0 > 0$/],
    ['disconnect', /^Received disconnect from \S+: 0: Bye Bye \[preauth\]$/],
    ['no identification', /^Did not receive identification string from \S+$/],
    ['reset', /^fatal: Write failed: Connection reset by peer \[preauth\]$/],
    ['key login', /^Accepted publickey for \S+ from \S+ port 0 ssh0: RSA \S+$/],
    ['password login', /^Accepted password for \S+ from \S+ port 0 ssh0$/],
    ['session opened', /^pam_unix\(sshd:session\): session opened for user \S+ by \(uid=0\)$/],
    ['session closed', /^pam_unix\(sshd:session\): session closed for user \S+$/],
  ])('OpenSSH 6.6 writes: %s', (_name, pattern) => {
    expect(old.some((message) => pattern.test(message))).toBe(true)
  })

  test.each([
    ['unknown user with port', /^Invalid user \S+ from \S+ port 0$/],
    ['disconnect', /^Disconnected from authenticating user \S+ \S+ port 0 \[preauth\]$/],
    ['closed', /^Connection closed by invalid user \S+ \S+ port 0 \[preauth\]$/],
    ['too many failures', /^error: maximum authentication attempts exceeded for (invalid user )?\S+ from \S+ port 0 ssh0 \[preauth\]$/],
    ['key exchange', /^error: kex_exchange_identification: /],
    ['banner', /^banner exchange: Connection from \S+ port 0: invalid format$/],
    ['key login', /^Accepted publickey for \S+ from \S+ port 0 ssh0: ED0 SHA0:\S{20,}$/],
    ['user id', /^pam_unix\(sshd:session\): session opened for user \S+\(uid=0\) by \(uid=0\)$/],
  ])('OpenSSH 9.2 writes: %s', (_name, pattern) => {
    expect(recent.some((message) => pattern.test(message))).toBe(true)
  })

  test('OpenSSH 9.8 logs as sshd-session; the time is kept by the process that listens', () => {
    const { text } = generated({ seed: 4, lines: 200, hosts: [{ name: 'db-1.example.org', sshd: '9.8' }] })
    const byListener = / sshd\[\d+\]: Timeout before authentication for connection from \S+ to \S+, pid = \d+$/
    expect(text.split('\n').filter((line) => line !== '' && !line.includes(' sshd-session[') && !byListener.test(line))).toEqual([])
  })
})
