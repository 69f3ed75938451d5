import type { SshdVersion } from '../hosts.ts'
import { at } from './texts.ts'
import { wording6 } from './wording-6.ts'
import { wording7 } from './wording-7.ts'
import { wording9 } from './wording-9.ts'
import { wording98 } from './wording-98.ts'

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

/** How the session of somebody who was logged in ends. */
export type Leaving = 'bye' | 'closed' | 'reset' | 'timeout'

/** How a client that never tries a login makes itself heard. `hang`: it says nothing until sshd's patience ends. */
export type Knock = Mumble | 'silent' | 'early_close' | 'reset' | 'old_protocol' | 'hang'

/** What is sent where the banner should be. */
export type Mumble = 'http' | 'tls' | 'rdp' | 'garbage'

/** What both sides have none of in common. */
export type Lack = 'key exchange method' | 'host key type' | 'cipher' | 'MAC'

/** How a connection breaks before anybody is logged in. */
export type Breakage = 'corrupt' | 'mac' | 'broken_pipe' | 'reset' | 'padding'

/** Why an account that exists may not log in. */
export type Refusal = 'not_listed' | 'listed' | 'not_in_group' | 'group' | 'locked'

/** The messages that differ between versions of OpenSSH. Each gives the lines in the order in which sshd writes them. */
export interface Wording {
  reverseMismatch(name: string, peer: Peer): string
  /** The reverse name exists, but leads to another address. */
  mapsElsewhere(name: string, peer: Peer): string
  unknownUser(account: Account, peer: Peer): readonly string[]
  /** After an account was refused for another reason than a wrong password, sshd goes on as if it did not exist. */
  refusedUser(account: Account): readonly string[]
  tooManyFailures(account: Account, peer: Peer): readonly string[]
  farewell(how: Farewell, account: Account, peer: Peer): readonly string[]
  knock(how: Exclude<Knock, 'hang'>, peer: Peer): readonly string[]
  /** The password or key was right, but PermitRootLogin says no. */
  rootRefused(peer: Peer): string
  /** LoginGraceTime is over. `pidMark` stands where the connection's process id belongs. */
  graceOver(peer: Peer, hostAddress: string): string
  negotiation(lack: Lack, offer: string, peer: Peer): string
  breakage(how: Breakage, peer: Peer): readonly string[]
  keyDigest(bits: () => number): string
  sessionOpened(user: string): string
  /** After a login; written by the user's own process. */
  left(how: Leaving, user: string, peer: Peer): readonly string[]
}

const wordings: Readonly<Record<SshdVersion, Wording>> = {
  '6.6': wording6, '7.4': wording7, '8.9': wording9, '9.2': wording9, '9.8': wording98,
}

export function wordingOf(version: SshdVersion): Wording {
  return wordings[version]
}

export function failed(method: string, { user, exists }: Account, peer: Peer, digest?: string): string {
  const key = digest === undefined ? '' : `: ${digest}`
  return `Failed ${method} for ${exists ? '' : 'invalid user '}${user} from ${at(peer)} ssh2${key}`
}

export function accepted(method: 'password' | 'publickey', user: string, peer: Peer, digest: string): string {
  return `Accepted ${method} for ${user} from ${at(peer)} ssh2${method === 'publickey' ? `: ${digest}` : ''}`
}

export function refused(why: Refusal, user: string, { address }: Peer): string {
  switch (why) {
    case 'not_listed': return `User ${user} from ${address} not allowed because not listed in AllowUsers`
    case 'listed': return `User ${user} from ${address} not allowed because listed in DenyUsers`
    case 'not_in_group': return `User ${user} from ${address} not allowed because none of user's groups are listed in AllowGroups`
    case 'group': return `User ${user} from ${address} not allowed because a group is listed in DenyGroups`
    case 'locked': return `User ${user} not allowed because account is locked`
  }
}

/** PAM leaves the blank before `user=` where there is no user. */
export function pamFailure({ user, exists }: Account, peer: Peer, more = 0): string {
  const what = more === 0 ? 'pam_unix(sshd:auth): authentication failure' : `PAM ${more} more authentication failure${more === 1 ? '' : 's'}`
  return `${what}; logname= uid=0 euid=0 tty=ssh ruser= rhost=${peer.rhost} ${exists ? ` user=${user}` : ''}`
}
