import { badLength, isMumble, mumbles } from './texts.ts'
import type { Wording } from './wording.ts'

/** OpenSSH 6.6: no ports in the closing lines, names are not told there either. A connection that breaks does not say whose it was. */
export const wording6: Wording = {
  reverseMismatch: (name, { address }) => `reverse mapping checking getaddrinfo for ${name} [${address}] failed - POSSIBLE BREAK-IN ATTEMPT!`,
  mapsElsewhere: (name, { address }) => `Address ${address} maps to ${name}, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!`,
  unknownUser: ({ user }, { address }) => [`Invalid user ${user} from ${address}`, `input_userauth_request: invalid user ${user} [preauth]`],
  refusedUser: ({ user }) => [`input_userauth_request: invalid user ${user} [preauth]`],
  tooManyFailures: ({ user }) => [`Disconnecting: Too many authentication failures for ${user} [preauth]`],
  farewell: (how, _account, { address }) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${address}: 11: Bye Bye [preauth]`]
      case 'closed': return [`Connection closed by ${address} [preauth]`]
      case 'no_more_methods': return [`error: Received disconnect from ${address}: 14: No more user authentication methods available. [preauth]`]
      case 'jsch': return [`error: Received disconnect from ${address}: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]`]
      case 'reset': return ['fatal: Write failed: Connection reset by peer [preauth]']
    }
  },
  knock: (how, { address, port }) => {
    if (isMumble(how)) return [`Bad protocol version identification '${mumbles[how]}' from ${address} port ${port}`]
    switch (how) {
      case 'silent': return [`Did not receive identification string from ${address}`]
      case 'early_close': return [`Connection closed by ${address} [preauth]`]
      case 'reset': return [`Could not write ident string to ${address}`]
      case 'old_protocol': return [`Protocol major versions differ for ${address}: SSH-2.0-OpenSSH_6.6.1p1 vs. SSH-1.5-Server`]
    }
  },
  rootRefused: ({ address }) => `ROOT LOGIN REFUSED FROM ${address} [preauth]`,
  graceOver: ({ address }) => `fatal: Timeout before authentication for ${address}`,
  negotiation: (lack, offer) => {
    switch (lack) {
      case 'key exchange method': return 'fatal: Unable to negotiate a key exchange method [preauth]'
      case 'host key type': return 'fatal: no hostkey alg [preauth]'
      case 'cipher': return `fatal: no matching cipher found: client ${offer} server aes128-ctr,aes192-ctr,aes256-ctr [preauth]`
      case 'MAC': return `fatal: no matching mac found: client ${offer} server hmac-sha2-512,hmac-sha2-256 [preauth]`
    }
  },
  breakage: (how, peer) => {
    switch (how) {
      case 'corrupt': return [badLength(peer), 'Disconnecting: Packet corrupt [preauth]']
      case 'mac': return ['Corrupted MAC on input. [preauth]', 'Disconnecting: Packet corrupt [preauth]']
      case 'padding': return ['padding error: need 28 block 8 mod 4 [preauth]', 'Disconnecting: Packet corrupt [preauth]']
      case 'broken_pipe': return ['fatal: Write failed: Broken pipe [preauth]']
      case 'reset': return ['fatal: Read from socket failed: Connection reset by peer [preauth]']
    }
  },
  keyDigest: (bits) => `RSA ${Array.from({ length: 16 }, () => (bits() & 255).toString(16).padStart(2, '0')).join(':')}`,
  sessionOpened: (user) => `pam_unix(sshd:session): session opened for user ${user} by (uid=0)`,
  left: (how, _user, { address }) => {
    switch (how) {
      case 'bye': return [`Received disconnect from ${address}: 11: disconnected by user`]
      case 'closed': return [`Connection closed by ${address}`]
      case 'reset': return [`Read error from remote host ${address}: Connection reset by peer`]
      case 'timeout': return ['Timeout, client not responding.']
    }
  },
}
