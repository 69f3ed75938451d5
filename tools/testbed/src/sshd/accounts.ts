import type { SuiteKeys } from './suite-keys.ts'
import type { SandboxFile, SandboxSpec } from './sandbox.ts'

/** Every account has this password unless its entry says otherwise. */
export const PASSWORD = 'correct horse 7'

interface Account {
  readonly name: string
  readonly shell?: string
  readonly group?: string
  /** What stands in authorized_keys; left out: there is none. */
  readonly authorizedKeys?: string
  readonly authorizedKeysMode?: number
  /** Commands after the account and its password were made. */
  readonly then?: readonly (readonly string[])[]
}

export const GROUP = 'lp-outsiders'

/** The accounts of the sandbox. They exist nowhere else: its /etc and /home are its own. */
const accounts = (keys: SuiteKeys): Account[] => [
  { name: 'lp-alice', authorizedKeys: `${keys.third.public}\n${keys.rsa.public}\n${keys.fourth.public}\n` },
  { name: 'lp-bob' },
  { name: 'lp-both', authorizedKeys: keys.first.public },
  { name: 'lp-forced', authorizedKeys: `command="echo forced" ${keys.first.public}\nfrom="192.0.2.1" ${keys.second.public}\n` },
  { name: 'lp-denied', authorizedKeys: keys.first.public },
  { name: 'lp-outsider', group: GROUP, authorizedKeys: keys.first.public },
  { name: 'lp-locked', authorizedKeys: keys.first.public, then: [['usermod', '-p', '!', 'lp-locked']] },
  { name: 'lp-expired', authorizedKeys: keys.first.public, then: [['chage', '-E', '2020-01-01', 'lp-expired']] },
  { name: 'lp-stale', authorizedKeys: keys.first.public, then: [['chage', '-d', '0', 'lp-stale']] },
  { name: 'lp-noshell', shell: '/nonexistent/shell', authorizedKeys: keys.first.public },
  { name: 'lp-badshell', shell: '/etc/passwd', authorizedKeys: keys.first.public },
  { name: 'lp-loose', authorizedKeys: keys.first.public, authorizedKeysMode: 0o666 },
  { name: 'lp-tally' },
  { name: 'lp-chroot', authorizedKeys: keys.first.public },
]

/** Debian's stack for sshd, with pam_faillock for one account before it: an administrator's usual addition. */
const FAILLOCK = [
  'auth [success=3 default=ignore] pam_succeed_if.so quiet user != lp-tally',
  'auth requisite pam_faillock.so preauth audit deny=2 nodelay',
  'auth sufficient pam_unix.so nodelay',
  'auth [default=die] pam_faillock.so authfail audit deny=2 nodelay',
]

export function accountCommands(keys: SuiteKeys): SandboxSpec['accounts'] {
  const all = accounts(keys)
  return [
    // PAM would wait two seconds and more after each wrong password.
    { run: ['sed', '-i', 's/pam_unix.so nullok/& nodelay/', '/etc/pam.d/common-auth'], input: '' },
    { run: ['sed', '-i', `1i ${FAILLOCK.join('\\n')}`, '/etc/pam.d/sshd'], input: '' },
    { run: ['mkdir', '/run/faillock'], input: '' },
    { run: ['groupadd', GROUP], input: '' },
    ...all.flatMap(({ name, shell = '/bin/sh', group, then = [] }) => [
      { run: ['useradd', '--create-home', '--shell', shell, ...(group === undefined ? [] : ['--gid', group]), name], input: '' },
      { run: ['chpasswd'], input: `${name}:${PASSWORD}\n` },
      ...then.map(command => ({ run: command, input: '' })),
    ]),
  ]
}

export const accountFiles = (keys: SuiteKeys): SandboxFile[] =>
  accounts(keys).flatMap(({ name, authorizedKeys, authorizedKeysMode = 0o600 }) =>
    authorizedKeys === undefined ? [] : [{ path: `/home/${name}/.ssh/authorized_keys`, text: authorizedKeys, mode: authorizedKeysMode, owner: name }],
  )
