import { PASSWORD } from '../accounts.ts'
import { ALL_LEVELS } from '../instances.ts'
import { logged } from '../logged.ts'
import { accepted, failed, times, type Step } from '../step.ts'

const HOSTILE = 'admin from 203.0.113.9 port 4 ssh2'

export const passwordSteps: Step[] = [
  {
    name: 'three wrong passwords',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'lp-alice', passwords: ['a', 'b', 'c'] })),
    truth: () => ({ tries: times(3, failed('password', 'lp-alice')), said: [[1, { event: 'connection_closed', user: 'lp-alice' }]] }),
  },
  {
    name: 'a user nobody knows, two passwords',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'lp-nobody', passwords: ['a', 'b'] })),
    truth: () => ({
      tries: times(2, failed('password', 'lp-nobody', false)),
      said: [[1, { event: 'invalid_user', user: 'lp-nobody', user_valid: false }], [1, { event: 'connection_closed', user: 'lp-nobody', user_valid: false }]],
    }),
  },
  {
    name: 'one wrong password, then the right one',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'lp-bob', passwords: ['wrong', PASSWORD] })),
    truth: () => ({ tries: [failed('password', 'lp-bob'), accepted('password', 'lp-bob')] }),
  },
  {
    name: 'the right password over IPv6',
    on: ALL_LEVELS,
    ipv6: true,
    run: async ({ client }) => void (await client.login({ user: 'lp-bob', passwords: [PASSWORD] })),
    truth: () => ({ tries: [accepted('password', 'lp-bob')] }),
  },
  {
    name: 'a user name that pretends to be the end of the line',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: HOSTILE, passwords: ['a'] })),
    truth: () => ({ tries: [failed('password', HOSTILE, false)], said: [[1, { event: 'invalid_user', user: HOSTILE, user_valid: false }]] }),
  },
  {
    name: 'root, whom PermitRootLogin refuses',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'root', passwords: ['a', 'b'] })),
    truth: () => ({ tries: times(2, failed('password', 'root')) }),
  },
  {
    name: 'keyboard-interactive, wrong and right',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'lp-bob', passwords: ['wrong', PASSWORD], methods: 'keyboard-interactive' })),
    truth: instance => {
      const method = 'keyboard-interactive/pam'
      const tries = logged([failed(method, 'lp-bob'), accepted(method, 'lp-bob')], instance)
      return instance.pam ? { tries } : { tries: [] }
    },
  },
  {
    name: 'an empty password',
    on: ALL_LEVELS,
    run: async ({ client }) => void (await client.login({ user: 'lp-nobody', passwords: [''] })),
    // sshd calls this method none.
    truth: () => ({ tries: [failed('none', 'lp-nobody', false)] }),
  },
  {
    name: 'wrong passwords until pam_faillock locks',
    on: ['pam', 'pamVerbose'],
    // The two instances count failures together, so that they take turns.
    last: true,
    run: async ({ client, sandbox }) => {
      await sandbox.run('faillock', '--user', 'lp-tally', '--reset')
      await client.login({ user: 'lp-tally', passwords: ['a', 'b', 'c', PASSWORD] })
    },
    truth: () => ({ tries: times(4, failed('password', 'lp-tally')), said: [[1, { event: 'pam_locked', user: 'lp-tally' }]] }),
  },
  {
    name: 'six wrong passwords, as many as MaxAuthTries',
    on: ALL_LEVELS,
    // A syslog daemon sums up only what comes one after the other.
    last: true,
    run: async ({ client }) => void (await client.login({ user: 'lp-alice', passwords: ['1', '2', '3', '4', '5', '6', '7'] })),
    truth: () => ({ tries: times(6, failed('password', 'lp-alice')), said: [[2, { event: 'max_auth_tries', user: 'lp-alice' }]] }),
  },
]
