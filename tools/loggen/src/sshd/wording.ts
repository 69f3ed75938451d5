import type { SshdVersion } from '../hosts.ts'
import { wording6 } from './wording-6.ts'
import { wording9 } from './wording-9.ts'

/** The far end of one connection. */
export interface Peer {
  readonly address: string
  readonly port: number
  /** What PAM writes as rhost: a reverse name where one resolves, else the address. */
  readonly rhost: string
}

/** The account that is tried. */
export interface Account {
  readonly user: string
  /** Whether the account exists on the host. */
  readonly exists: boolean
}

/** How a client leaves before it is logged in. */
export type Farewell = 'bye' | 'closed' | 'no_more_methods' | 'jsch' | 'reset'

/** How a client that never tries a login makes itself heard. */
export type Knock = 'silent' | 'http' | 'hang' | 'early_close'

/** The messages that differ between OpenSSH 6.x and 9.x. Each gives the lines in the order in which sshd writes them. */
export interface Wording {
  reverseMismatch(name: string, peer: Peer): string
  unknownUser(account: Account, peer: Peer): readonly string[]
  tooManyFailures(account: Account, peer: Peer): readonly string[]
  farewell(how: Farewell, account: Account, peer: Peer): readonly string[]
  knock(how: Knock, peer: Peer): readonly string[]
  keyDigest(bits: () => number): string
  sessionOpened(user: string): string
  /** After a login; written by the user's own process. */
  disconnected(user: string, peer: Peer): readonly string[]
}

export function wordingOf(version: SshdVersion): Wording {
  return version === '6.6' ? wording6 : wording9
}

export function failed(method: 'password' | 'none', { user, exists }: Account, peer: Peer): string {
  return `Failed ${method} for ${exists ? '' : 'invalid user '}${user} from ${peer.address} port ${peer.port} ssh2`
}

export function accepted(method: 'password' | 'publickey', user: string, peer: Peer, digest: string): string {
  return `Accepted ${method} for ${user} from ${peer.address} port ${peer.port} ssh2${method === 'publickey' ? `: ${digest}` : ''}`
}

/** PAM leaves the blank before `user=` where there is no user. */
export function pamFailure({ user, exists }: Account, peer: Peer, more = 0): string {
  const what = more === 0 ? 'pam_unix(sshd:auth): authentication failure' : `PAM ${more} more authentication failure${more === 1 ? '' : 's'}`
  return `${what}; logname= uid=0 euid=0 tty=ssh ruser= rhost=${peer.rhost} ${exists ? ` user=${user}` : ''}`
}
