import type { Wording } from './wording.ts'

/** OpenSSH 6.6: no ports in the closing lines, names are not told there either. */
export const wording6: Wording = {
  reverseMismatch: (name, { address }) => `reverse mapping checking getaddrinfo for ${name} [${address}] failed - POSSIBLE BREAK-IN ATTEMPT!`,
  unknownUser: ({ user }, { address }) => [`Invalid user ${user} from ${address}`, `input_userauth_request: invalid user ${user} [preauth]`],
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
    switch (how) {
      case 'silent': return [`Did not receive identification string from ${address}`]
      case 'http': return [`Bad protocol version identification 'GET / HTTP/1.1' from ${address} port ${port}`]
      case 'hang': return [`fatal: Timeout before authentication for ${address}`]
      case 'early_close': return [`Connection closed by ${address} [preauth]`]
    }
  },
  keyDigest: (bits) => `RSA ${Array.from({ length: 16 }, () => (bits() & 255).toString(16).padStart(2, '0')).join(':')}`,
  sessionOpened: (user) => `pam_unix(sshd:session): session opened for user ${user} by (uid=0)`,
  disconnected: (_user, { address }) => [`Received disconnect from ${address}: 11: disconnected by user`],
}
