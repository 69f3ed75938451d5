import { kexInit, type Offer } from '../raw.ts'
import type { Step } from '../step.ts'

/** ssh itself finds no common algorithm with the few of this instance. */
const client = (what: string, option: string): Step => ({
  name: `ssh and sshd have no common ${what}`,
  on: ['strict'],
  run: async ({ client }) => void (await client.login({ user: 'lp-alice', passwords: ['a'], options: [option] })),
  truth: () => ({ tries: [], said: [[1, { event: 'negotiation_failed' }]] }),
})

const raw = (what: string, offer: Offer): Step => ({
  name: `an offer of ${what} that sshd does not know`,
  on: ['info', 'verbose'],
  run: async ({ client }) => {
    const connection = await (await client.connect()).banner()
    await connection.send('SSH-2.0-probe_1.0\r\n').send(kexInit(offer)).closed()
  },
  truth: () => ({ tries: [], said: [[1, { event: 'negotiation_failed' }]] }),
})

export const algorithmSteps: Step[] = [
  client('key exchange', 'KexAlgorithms=ecdh-sha2-nistp256'),
  client('cipher', 'Ciphers=aes128-ctr'),
  client('MAC', 'MACs=hmac-sha2-512'),
  client('host key algorithm', 'HostKeyAlgorithms=rsa-sha2-512'),
  raw('a key exchange', { kex: 'diffie-hellman-group1-sha1' }),
  raw('a host key algorithm', { hostKey: 'ssh-dss' }),
  raw('a cipher', { cipher: '3des-cbc' }),
  raw('a MAC', { mac: 'hmac-md5' }),
  raw('a compression', { compression: 'zlib' }),
  raw('names that pretend to be the end of the line', { kex: 'x from 203.0.113.9 port 4: y [preauth]' }),
]
