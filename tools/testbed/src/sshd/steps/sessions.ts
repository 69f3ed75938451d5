import type { Login } from '../client.ts'
import { ALL_LEVELS } from '../instances.ts'
import type { KeyPair } from '../keys.ts'
import { accepted, type Said, type Step } from '../step.ts'
import type { SuiteKeys } from '../suite-keys.ts'

/** One login of lp-alice that goes well, and something in its session. */
const session = (name: string, login: Partial<Login>, said: (pam: boolean, verbose: boolean) => readonly Said[] = () => [], unnamed: readonly RegExp[] = []): Step => ({
  name,
  on: ALL_LEVELS,
  run: async ({ client, keys }) => void (await client.login({ user: 'lp-alice', keys: [keys.third], methods: 'publickey', ...login })),
  truth: ({ pam, verbose }, keys) => ({ tries: [accepted('publickey', 'lp-alice', keys.third)], said: said(pam, verbose), adrift: verbose ? [] : unnamed }),
})

const opened = (pam: boolean): Said => [pam ? 1 : 0, { template_id: 'pam-unix-opened-uid', user: 'lp-alice' }]
const closed = (pam: boolean): Said => [pam ? 1 : 0, { template_id: 'pam-unix-closed', user: 'lp-alice' }]

/** A session that sleeps until `act` ends it. */
const sleeper = (name: string, on: Step['on'], act: (login: { cut(how: 'close' | 'reset'): void }, context: Parameters<Step['run']>[0]) => Promise<void> | void, said: readonly Said[]): Step => ({
  name,
  on,
  run: async context => {
    const key: KeyPair = context.keys.third
    const login = await context.client.start({ user: 'lp-alice', keys: [key], methods: 'publickey', command: 'echo up; exec sleep 30' })
    await login.said('up')
    await act(login, context)
  },
  truth: (_, keys: SuiteKeys) => ({ tries: [accepted('publickey', 'lp-alice', keys.third)], said }),
})

export const sessionSteps: Step[] = [
  session('a shell on a terminal', { args: ['-tt'], command: '', input: 'exit 3\n' }, (pam, verbose) => [opened(pam), closed(pam), [verbose ? 1 : 0, { event: 'session_started', template_id: 'starting-session-shell' }]]),
  session('a command that fails', { command: 'exit 7' }, pam => [opened(pam), closed(pam)]),
  session('a command that kills itself', { command: 'kill -9 $$' }, pam => [opened(pam), closed(pam)]),
  session('sftp: list, write, rename and remove a file', { program: 'sftp', input: 'ls\nput /etc/hostname one\nrename one two\nrm two\nmkdir d\nrmdir d\nbye\n' }, pam => [opened(pam), closed(pam)]),
  session('a subsystem that is not there', { args: ['-s'], command: 'nosuch' }, () => [], [/^subsystem request for nosuch by user lp-alice failed/]),
  session('a forward to a port where nobody listens', { args: ['-W', '127.0.0.1:1'], command: '' }, () => [], [/^error: connect_to 127.0.0.1 port 1: failed/]),
  session('a remote forward to a port that is root\'s', { args: ['-R', '1:127.0.0.1:1', '-o', 'ExitOnForwardFailure=no'] }),
  {
    name: 'a forward that the account may not use',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-forced', keys: [keys.first], methods: 'publickey', args: ['-W', '127.0.0.1:22'], command: '' })),
    truth: ({ verbose }, keys) => ({
      tries: [accepted('publickey', 'lp-forced', keys.first)],
      said: [[verbose ? 1 : 0, { event: 'forwarding_refused' }]],
      adrift: verbose ? [] : [/^refused local port forward/],
    }),
  },
  sleeper('a session whose connection is reset', ALL_LEVELS, login => login.cut('reset'), []),
  sleeper('a session whose connection is closed', ALL_LEVELS, login => login.cut('close'), []),
  {
    name: 'a client that falls silent in its session',
    on: ['strict'],
    run: async ({ client, keys }) => {
      const login = await client.start({ user: 'lp-alice', keys: [keys.first], methods: 'publickey', command: 'echo up; exec sleep 30' })
      await login.said('up')
      login.freeze()
      await login.closed()
    },
    truth: (_, keys) => ({ tries: [accepted('publickey', 'lp-alice', keys.first)], said: [[1, { event: 'connection_timeout', user: 'lp-alice' }]] }),
  },
]
