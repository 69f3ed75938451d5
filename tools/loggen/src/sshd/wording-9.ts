import type { Account, Peer, Wording } from './wording.ts'

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** OpenSSH 9.x: every line before a login names the peer with its port, and the account under which it came. */
export const wording9: Wording = {
  reverseMismatch: (name, { address }) => `reverse mapping checking getaddrinfo for ${name} [${address}] failed.`,
  unknownUser: ({ user }, peer) => [`Invalid user ${user} from ${at(peer)}`],
  tooManyFailures: (account, peer) => [
    `error: maximum authentication attempts exceeded for ${account.exists ? '' : 'invalid user '}${account.user} from ${at(peer)} ssh2 [preauth]`,
    `Disconnecting ${who(account, peer)}: Too many authentication failures [preauth]`,
  ],
  farewell: (how, account, peer) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${at(peer)}:11: Bye Bye [preauth]`, `Disconnected from ${who(account, peer)} [preauth]`]
      case 'closed': return [`Connection closed by ${who(account, peer)} [preauth]`]
      case 'no_more_methods': return [
        `error: Received disconnect from ${at(peer)}:14: No supported authentication methods available [preauth]`,
        `Disconnected from ${who(account, peer)} [preauth]`,
      ]
      case 'jsch': return [
        `error: Received disconnect from ${at(peer)}:3: com.jcraft.jsch.JSchException: Auth fail [preauth]`,
        `Disconnected from ${who(account, peer)} [preauth]`,
      ]
      case 'reset': return [`Connection reset by ${who(account, peer)} [preauth]`]
    }
  },
  knock: (how, peer) => {
    switch (how) {
      case 'silent': return ['error: kex_exchange_identification: Connection closed by remote host', `Connection closed by ${at(peer)}`]
      case 'http': return [
        'error: kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"',
        `banner exchange: Connection from ${at(peer)}: invalid format`,
      ]
      case 'hang': return [`fatal: Timeout before authentication for ${at(peer)}`]
      case 'early_close': return [`Connection closed by ${at(peer)} [preauth]`]
    }
  },
  keyDigest: (bits) => `ED25519 SHA256:${Array.from({ length: 43 }, () => base64[bits() & 63]).join('')}`,
  // Real hosts number their users from 1000 on; a number made of the name stays the same in every session.
  sessionOpened: (user) => `pam_unix(sshd:session): session opened for user ${user}(uid=${uid(user)}) by (uid=0)`,
  disconnected: (user, peer) => [`Received disconnect from ${at(peer)}:11: disconnected by user`, `Disconnected from user ${user} ${at(peer)}`],
}

function at({ address, port }: Peer): string {
  return `${address} port ${port}`
}

function who({ user, exists }: Account, peer: Peer): string {
  return `${exists ? 'authenticating' : 'invalid'} user ${user} ${at(peer)}`
}

function uid(user: string): number {
  if (user === 'root') return 0
  let sum = 0
  for (const letter of user) sum = (sum * 31 + letter.charCodeAt(0)) % 5000
  return 1000 + sum
}
