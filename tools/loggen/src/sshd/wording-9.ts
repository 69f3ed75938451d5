import { isSystemAccount } from '../names.ts'
import { at, isMumble, mumbles, sha256Digest } from './texts.ts'
import type { Account, Peer, Wording } from './wording.ts'
import { wording7 } from './wording-7.ts'

const keyTypes = ['ED25519', 'ED25519', 'RSA', 'ECDSA'] as const

/** OpenSSH 8.x and 9.x: every line before a login names the peer with its port, and the account under which it came. */
export const wording9: Wording = {
  ...wording7,
  unknownUser: ({ user }, peer) => [`Invalid user ${user} from ${at(peer)}`],
  refusedUser: () => [],
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
    if (isMumble(how)) {
      const what = how === 'http' ? `client sent invalid protocol identifier "${mumbles.http}"` : 'banner line contains invalid characters'
      return [`error: kex_exchange_identification: ${what}`, `banner exchange: Connection from ${at(peer)}: invalid format`]
    }
    switch (how) {
      case 'silent': return ['error: kex_exchange_identification: Connection closed by remote host', `Connection closed by ${at(peer)}`]
      case 'early_close': return [`Connection closed by ${at(peer)} [preauth]`]
      case 'reset': return ['error: kex_exchange_identification: read: Connection reset by peer', `Connection reset by ${at(peer)}`]
      case 'old_protocol': return [
        'error: Protocol major versions differ: 2 vs. 1',
        `banner exchange: Connection from ${at(peer)}: could not read protocol version`,
      ]
    }
  },
  negotiation: (lack, offer, peer) => `Unable to negotiate with ${at(peer)}: no matching ${lack} found. Their offer: ${offer} [preauth]`,
  breakage: (how, peer) => how === 'broken_pipe'
    ? [`ssh_dispatch_run_fatal: Connection from ${at(peer)}: Broken pipe [preauth]`]
    : wording7.breakage(how, peer),
  keyDigest: (bits) => sha256Digest(keyTypes[bits() & 3]!, bits),
  // Real hosts number their users from 1000 on; a number made of the name stays the same in every session.
  sessionOpened: (user) => `pam_unix(sshd:session): session opened for user ${user}(uid=${uid(user)}) by (uid=0)`,
  left: (how, user, peer) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${at(peer)}:11: disconnected by user`, `Disconnected from user ${user} ${at(peer)}`]
      case 'closed': return [`Connection closed by user ${user} ${at(peer)}`]
      case 'reset': return [`Read error from remote host ${at(peer)}: Connection reset by peer`]
      case 'timeout': return [`Timeout, client not responding from user ${user} ${at(peer)}`]
    }
  },
}

function who({ user, exists }: Account, peer: Peer): string {
  return `${exists ? 'authenticating' : 'invalid'} user ${user} ${at(peer)}`
}

function uid(user: string): number {
  if (user === 'root') return 0
  let sum = 0
  for (const letter of user) sum = (sum * 31 + letter.charCodeAt(0)) % 5000
  return isSystemAccount(user) ? 1 + (sum % 900) : 1000 + sum
}
