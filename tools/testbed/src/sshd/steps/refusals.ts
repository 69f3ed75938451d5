import { PASSWORD } from '../accounts.ts'
import { ALL_LEVELS, type InstanceName } from '../instances.ts'
import { logged } from '../logged.ts'
import { accepted, failed, times, type Step } from '../step.ts'

/** sshd treats such users as unknown: it goes on asking and refuses every answer. */
const notAllowed = (user: string, what: string, on: readonly InstanceName[]): Step => ({
  name: what,
  on,
  run: async ({ client, keys }) => void (await client.login({ user, keys: [keys.first], passwords: [PASSWORD] })),
  truth: (instance, { first }) => ({
    tries: logged([failed('publickey', user, false, first), failed('password', user, false)], instance),
    said: [[1, { event: 'user_not_allowed', user }]],
  }),
})

export const refusalSteps: Step[] = [
  notAllowed('lp-denied', 'a user of DenyUsers', ALL_LEVELS),
  notAllowed('lp-outsider', 'a user of DenyGroups', ALL_LEVELS),
  notAllowed('lp-noshell', 'a shell that does not exist', ALL_LEVELS),
  notAllowed('lp-badshell', 'a shell that is no program', ALL_LEVELS),
  {
    name: 'a user not in AllowUsers, at MaxAuthTries 2',
    on: ['strict'],
    run: async ({ client }) => void (await client.login({ user: 'lp-bob', passwords: ['a', 'b', 'c'] })),
    truth: () => ({
      tries: times(2, failed('password', 'lp-bob', false)),
      said: [[1, { event: 'user_not_allowed', user: 'lp-bob' }], [2, { event: 'max_auth_tries', user: 'lp-bob' }]],
    }),
  },
  {
    name: 'a user in AllowUsers and in none of AllowGroups',
    on: ['strict'],
    run: async ({ client }) => void (await client.login({ user: 'lp-outsider', passwords: ['a'] })),
    truth: () => ({ tries: [failed('password', 'lp-outsider', false)], said: [[1, { event: 'user_not_allowed', user: 'lp-outsider' }]] }),
  },
  {
    name: 'a locked account, with and without its key',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-locked', keys: [keys.stranger], passwords: ['a'] })),
    // Without PAM sshd looks at the shadow file itself; PAM only refuses the password.
    truth: (instance, { stranger }) => {
      const valid = instance.pam
      return {
        tries: logged([failed('publickey', 'lp-locked', valid, stranger), failed('password', 'lp-locked', valid)], instance),
        said: [[valid ? 0 : 1, { event: 'account_locked', user: 'lp-locked' }]],
      }
    },
  },
  {
    name: 'an expired account, by its key',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-expired', keys: [keys.first], methods: 'publickey' })),
    truth: (instance, { first }) => ({
      tries: logged([failed('publickey', 'lp-expired', instance.pam, first)], instance),
      said: instance.pam && !instance.verbose ? [] : [[1, { event: 'account_expired', user: 'lp-expired' }]],
      adrift: instance.pam && !instance.verbose ? [/account lp-expired has expired/, /^fatal: Access denied for user lp-expired by PAM account/] : [],
    }),
  },
  {
    name: 'a password that has to be changed, by a key',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-stale', keys: [keys.first], methods: 'publickey' })),
    truth: (_, { first }) => ({ tries: [accepted('publickey', 'lp-stale', first)] }),
  },
  {
    name: 'a ChrootDirectory that is not root\'s',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-chroot', keys: [keys.first], methods: 'publickey' })),
    truth: (_, { first }) => ({ tries: [accepted('publickey', 'lp-chroot', first)], adrift: [/^fatal: bad ownership or modes for chroot directory/] }),
  },
  {
    name: 'root with a key, where only forced commands are permitted',
    on: ['strict'],
    run: async ({ client, keys }) => void (await client.login({ user: 'root', keys: [keys.first], methods: 'publickey' })),
    truth: (instance, { first }) => ({ tries: logged([failed('publickey', 'root', true, first)], instance, 2), said: [[1, { event: 'root_refused' }]] }),
  },
  {
    name: 'root with a key that has a forced command',
    on: ['strict'],
    run: async ({ client, keys }) => void (await client.login({ user: 'root', keys: [keys.second], methods: 'publickey' })),
    truth: (_, { second }) => ({ tries: [accepted('publickey', 'root', second)] }),
  },
  {
    name: 'a key of a type that is not accepted',
    on: ['strict'],
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-alice', keys: [keys.rsa], methods: 'publickey' })),
    truth: (instance) => ({ tries: logged([failed('publickey', 'lp-alice')], instance, 2), said: [[1, { event: 'key_refused' }]] }),
  },
]
