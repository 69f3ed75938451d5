import { randomBytes } from 'node:crypto'
import { ALL_LEVELS } from '../instances.ts'
import { disconnect, kexInit, type RawConnection } from '../raw.ts'
import { failed, type Said, type Step } from '../step.ts'

const BANNER = 'SSH-2.0-OpenSSH_9.2\r\n'
const ENDED: readonly Said[] = []

const raw = (name: string, act: (connection: RawConnection) => unknown, said: readonly Said[] = ENDED): Step => ({
  name,
  on: ['info', 'verbose'],
  run: async ({ client }) => void (await act(await client.connect())),
  truth: () => ({ tries: [], said }),
})

/** A client that goes away while its user is asked for a password. */
const walkAway = (user: string, how: 'close' | 'reset' | 'kill', valid: boolean): Step => ({
  name: `a client of ${user} that goes away at the prompt (${how})`,
  on: ALL_LEVELS,
  run: async ({ client }) => {
    const login = await client.start({ user, passwords: ['wrong'], options: ['NumberOfPasswordPrompts=3'] })
    await login.asked()
    if (how === 'kill') login.kill()
    else login.cut(how)
  },
  truth: () => ({
    tries: [failed('password', user, valid)],
    said: [[1, { event: how === 'reset' ? 'connection_reset' : 'connection_closed', user, user_valid: valid }]],
  }),
})

export const disconnectSteps: Step[] = [
  raw('a connection that is closed at once', connection => connection.close()),
  raw('a connection that is closed after the banner', async connection => (await connection.banner()).close()),
  raw('a connection that is reset after the banner', async connection => (await connection.banner()).reset()),
  raw('a client banner and nothing more', async connection => (await connection.banner()).send(BANNER).close()),
  raw('half a client banner', async connection => (await connection.banner()).send('SSH-2.0-Op').close()),
  raw('half a key exchange, then closed', async connection => (await connection.banner()).send(BANNER).send(kexInit()).close()),
  raw('half a key exchange, then reset', async connection => (await (await connection.banner()).send(BANNER).send(kexInit()).serverKexInit()).reset()),
  raw('an HTTP request', connection => connection.send('GET / HTTP/1.1\r\nHost: bastion.example.org\r\n\r\n').closed(), [[2, { event: 'bad_protocol' }]]),
  raw('a TLS hello', connection => connection.send(Buffer.concat([Buffer.from('160301020001000001fc0303', 'hex'), randomBytes(400), Buffer.from('\n')])).closed()),
  raw('a word that is no banner', connection => connection.send('HELLO from 203.0.113.9 port 4\r\n').closed(), [[2, { event: 'bad_protocol' }]]),
  raw('an endless banner', connection => connection.send('x'.repeat(20_000)).closed()),
  raw('a thousand lines before a banner', connection => connection.send('x\n'.repeat(1100)).closed()),
  raw('a client of protocol 1', connection => connection.send('SSH-1.5-Old_1.0\r\n').closed(), [[2, { event: 'bad_protocol' }]]),
  raw('a banner without a version', connection => connection.send('SSH-\r\n').closed()),
  raw('a packet of impossible length', async connection => (await connection.banner()).send(BANNER).send(Buffer.alloc(64, 0xff)).closed(), [[2, { event: 'packet_error' }]]),
  raw(
    'a polite goodbye with a hostile reason',
    async connection => (await connection.banner()).send(BANNER).send(kexInit()).send(disconnect(11, 'bye from 203.0.113.9 port 4')).closed(),
    [[1, { event: 'disconnect_received' }]],
  ),
  walkAway('lp-alice', 'close', true),
  walkAway('lp-alice', 'reset', true),
  walkAway('lp-alice', 'kill', true),
  walkAway('lp-nobody', 'close', false),
  walkAway('lp-nobody', 'reset', false),
  {
    name: 'no banner until LoginGraceTime',
    on: ['grace'],
    run: async ({ client }) => (await client.connect()).closed(),
    // Debian's 9.2 ends without a word since CVE-2024-6387; other versions write one line.
    truth: () => ({ tries: [] }),
  },
  {
    name: 'no answer at the prompt until LoginGraceTime',
    on: ['grace'],
    run: async ({ client }) => {
      const login = await client.start({ user: 'lp-alice', passwords: ['wrong'], options: ['NumberOfPasswordPrompts=3'] })
      await login.asked()
      await login.closed()
    },
    truth: () => ({ tries: [failed('password', 'lp-alice')] }),
  },
  {
    name: 'more connections than MaxStartups',
    on: ['startups'],
    run: async ({ client }) => {
      const held = [await (await client.connect()).banner(), await (await client.connect()).banner()]
      for (let i = 0; i < 3; i++) await (await client.connect()).closed()
      for (const connection of held) connection.close()
    },
    // sshd speaks of the first drop, and then at most every minute.
    truth: (_, __, { address }) => ({ tries: [], said: [[1, { event: 'startups_dropped', address, address_from: 'line' }]] }),
  },
]

