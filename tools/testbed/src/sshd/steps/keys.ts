import { PASSWORD } from '../accounts.ts'
import { ALL_LEVELS } from '../instances.ts'
import { logged } from '../logged.ts'
import { accepted, failed, type Step } from '../step.ts'

export const keySteps: Step[] = [
  {
    name: 'a key that the account has',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-alice', keys: [keys.third] })),
    truth: (_, keys) => ({ tries: [accepted('publickey', 'lp-alice', keys.third)], said: [[1, { event: 'login_accepted', fingerprint: keys.third.fingerprint }]] }),
  },
  {
    name: 'an RSA key, then an ECDSA key',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => {
      await client.login({ user: 'lp-alice', keys: [keys.rsa] })
      await client.login({ user: 'lp-alice', keys: [keys.fourth] })
    },
    truth: (_, keys) => ({ tries: [accepted('publickey', 'lp-alice', keys.rsa), { ...accepted('publickey', 'lp-alice', keys.fourth), connection: 1 }] }),
  },
  {
    name: 'three keys before one is accepted',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-alice', keys: [keys.first, keys.second, keys.stranger, keys.third] })),
    truth: (instance, { first, second, stranger, third }) => ({
      tries: logged([...[first, second, stranger].map(key => failed('publickey', 'lp-alice', true, key)), accepted('publickey', 'lp-alice', third)], instance),
    }),
  },
  {
    name: 'more keys than MaxAuthTries before the one that fits',
    on: ALL_LEVELS,
    run: async ({ client, keys: { first, second, stranger, ca, certificates, third } }) =>
      void (await client.login({ user: 'lp-alice', keys: [first, second, stranger, ca, certificates.good, third] })),
    truth: (instance, { first, second, stranger, ca, certificates, third }) => {
      // A key with a certificate is two tries.
      const wrong = [first, second, stranger, ca, certificates.good, certificates.good]
      return { tries: logged(wrong.map(key => failed('publickey', 'lp-alice', true, key)), instance), said: [[2, { event: 'max_auth_tries' }], [0, { fingerprint: third.fingerprint }]] }
    },
  },
  {
    name: 'keys of a user nobody knows',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-nobody', keys: [keys.first, keys.rsa], methods: 'publickey' })),
    truth: (instance, { first, rsa }) => ({ tries: logged([first, rsa].map(key => failed('publickey', 'lp-nobody', false, key)), instance) }),
  },
  {
    name: 'a revoked key',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-alice', keys: [keys.revoked], methods: 'publickey' })),
    truth: (instance, { revoked }) => ({ tries: logged([failed('publickey', 'lp-alice', true, revoked)], instance), said: [[1, { event: 'key_refused', fingerprint: revoked.fingerprint }]] }),
  },
  {
    name: 'authorized_keys that others may write',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-loose', keys: [keys.first], methods: 'publickey' })),
    truth: (instance, { first }) => ({ tries: logged([failed('publickey', 'lp-loose', true, first)], instance), said: [[1, { event: 'key_file_refused', user: 'lp-loose' }]] }),
  },
  {
    name: 'a key with a forced command',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-forced', keys: [keys.first] })),
    truth: (_, keys) => ({ tries: [accepted('publickey', 'lp-forced', keys.first)] }),
  },
  {
    name: 'a key that is bound to another address',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-forced', keys: [keys.second], methods: 'publickey' })),
    truth: (instance, { second }) => ({ tries: logged([failed('publickey', 'lp-forced', true, second)], instance), said: [[2, { event: 'key_refused', user: 'lp-forced' }]] }),
  },
  {
    name: 'a key and then a password, where both are asked for',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-both', keys: [keys.first], passwords: ['wrong', PASSWORD] })),
    truth: () => ({ tries: [failed('password', 'lp-both'), accepted('password', 'lp-both')] }),
  },
  {
    name: 'a wrong key, then the right password',
    on: ALL_LEVELS,
    run: async ({ client, keys }) => void (await client.login({ user: 'lp-bob', keys: [keys.stranger], passwords: [PASSWORD] })),
    truth: (instance, { stranger }) => ({ tries: logged([failed('publickey', 'lp-bob', true, stranger), accepted('password', 'lp-bob')], instance) }),
  },
]
