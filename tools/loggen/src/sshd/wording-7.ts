import { at, badLength, isMumble, mumbles, sha256Digest } from './texts.ts'
import type { Peer, Wording } from './wording.ts'
import { wording6 } from './wording-6.ts'

/** OpenSSH 7.4 as Red Hat's 7 has it: ports everywhere, but still no account in the closing lines. */
export const wording7: Wording = {
  ...wording6,
  reverseMismatch: (name, { address }) => `reverse mapping checking getaddrinfo for ${name} [${address}] failed.`,
  mapsElsewhere: (name, { address }) => `Address ${address} maps to ${name}, but this does not map back to the address.`,
  unknownUser: ({ user }, peer) => [`Invalid user ${user} from ${at(peer)}`, `input_userauth_request: invalid user ${user} [preauth]`],
  tooManyFailures: ({ user, exists }, peer) => [
    `error: maximum authentication attempts exceeded for ${exists ? '' : 'invalid user '}${user} from ${at(peer)} ssh2 [preauth]`,
    'Disconnecting: Too many authentication failures [preauth]',
  ],
  farewell: (how, _account, peer) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${at(peer)}:11: Bye Bye [preauth]`, `Disconnected from ${at(peer)} [preauth]`]
      case 'closed': return [`Connection closed by ${at(peer)} [preauth]`]
      case 'no_more_methods': return [
        `error: Received disconnect from ${at(peer)}:14: No more user authentication methods available. [preauth]`,
        `Disconnected from ${at(peer)} [preauth]`,
      ]
      case 'jsch': return [
        `error: Received disconnect from ${at(peer)}:3: com.jcraft.jsch.JSchException: Auth fail [preauth]`,
        `Disconnected from ${at(peer)} [preauth]`,
      ]
      case 'reset': return [`Connection reset by ${at(peer)} [preauth]`]
    }
  },
  knock: (how, peer) => {
    if (isMumble(how)) return [`Bad protocol version identification '${mumbles[how]}' from ${at(peer)}`]
    switch (how) {
      case 'silent': return [`Did not receive identification string from ${at(peer)}`]
      case 'early_close': return [`Connection closed by ${at(peer)} [preauth]`]
      case 'reset': return [`Connection reset by ${at(peer)} [preauth]`]
      case 'old_protocol': return [`Protocol major versions differ for ${at(peer)}: SSH-2.0-OpenSSH_7.4 vs. SSH-1.5-Server`]
    }
  },
  rootRefused: (peer) => `ROOT LOGIN REFUSED FROM ${at(peer)} [preauth]`,
  graceOver: (peer) => `fatal: Timeout before authentication for ${at(peer)}`,
  negotiation: (lack, offer, peer) => `fatal: Unable to negotiate with ${at(peer)}: no matching ${lack} found. Their offer: ${offer} [preauth]`,
  breakage: (how, peer) => {
    switch (how) {
      case 'corrupt': return [badLength(peer), broken(peer, 'Connection corrupted')]
      case 'mac': return ['Corrupted MAC on input. [preauth]', broken(peer, 'message authentication code incorrect')]
      case 'padding': return ['padding error: need 28 block 8 mod 4 [preauth]', broken(peer, 'message authentication code incorrect')]
      case 'broken_pipe': return [`fatal: packet_write_wait: Connection from ${at(peer)}: Broken pipe [preauth]`]
      case 'reset': return [`Connection reset by ${at(peer)} [preauth]`]
    }
  },
  keyDigest: (bits) => sha256Digest('RSA', bits),
  left: (how, _user, peer) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${at(peer)}:11: disconnected by user`, `Disconnected from ${at(peer)}`]
      case 'closed': return [`Connection closed by ${at(peer)}`]
      case 'reset': return [`Connection reset by ${at(peer)}`]
      case 'timeout': return ['Timeout, client not responding.']
    }
  },
}

function broken(peer: Peer, why: string): string {
  return `ssh_dispatch_run_fatal: Connection from ${at(peer)}: ${why} [preauth]`
}
