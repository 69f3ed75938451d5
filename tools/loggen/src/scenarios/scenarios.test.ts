import { describe, expect, test } from 'vitest'
import { generated } from '../../test/generated.ts'
import { readBack } from '../../test/read-back.ts'

/** All actors of one kind whose story is complete: a log's end cuts those still alive. */
function wholeActors(kind: string) {
  const { truth } = generated({ seed: 21, lines: 30_000, mix: { [kind]: 1 } })
  const end = truth.reduce((latest, row) => (row.end > latest ? row.end : latest), '')
  const whole = truth.filter((row) => Date.parse(end) - Date.parse(row.end) > 3_600_000)
  expect(whole.length).toBeGreaterThan(20)
  return whole.map((row) => ({ ...row, seconds: (Date.parse(row.end) - Date.parse(row.start)) / 1000 }))
}

describe('fast_brute_force', () => {
  const actors = wholeActors('fast_brute_force')
  test('is an attack with 12 failures or more and no success', () => {
    expect(actors.filter((row) => row.label !== 'attack' || row.failures < 12 || row.successes > 0)).toEqual([])
  })
  test('guesses every ten seconds or faster', () => {
    expect(actors.filter((row) => row.seconds / row.failures > 10)).toEqual([])
  })
})

describe('fail_then_success', () => {
  const actors = wholeActors('fail_then_success')
  test('is an attack that fails 8 times or more on one account and gets in once', () => {
    expect(actors.filter((row) => row.label !== 'attack' || row.failures < 8 || row.successes !== 1 || row.users.length !== 1)).toEqual([])
  })
})

describe('background', () => {
  const actors = wholeActors('background')
  test('is benign: at most three tries, none of them right', () => {
    expect(actors.filter((row) => row.label !== 'benign' || row.attempts > 3 || row.successes > 0)).toEqual([])
  })
  test('has addresses that only knock', () => {
    expect(actors.some((row) => row.attempts === 0)).toBe(true)
  })
})

describe('legitimate', () => {
  const actors = wholeActors('legitimate')
  test('is benign, one user, nearly always right', () => {
    expect(actors.filter((row) => row.label !== 'benign' || row.users.length !== 1 || row.successes === 0)).toEqual([])
    const failures = actors.reduce((sum, row) => sum + row.failures, 0)
    const successes = actors.reduce((sum, row) => sum + row.successes, 0)
    expect(failures).toBeGreaterThan(0)
    expect(failures / successes).toBeLessThan(0.1)
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

  test('OpenSSH 9.8 logs as sshd-session', () => {
    const { text } = generated({ seed: 4, lines: 200, hosts: [{ name: 'db-1.example.org', sshd: '9.8' }] })
    expect(text.split('\n').filter((line) => line !== '' && !line.includes(' sshd-session['))).toEqual([])
  })
})
