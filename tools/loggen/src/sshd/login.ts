import type { Session } from './session.ts'
import type { Leaving } from './wording.ts'
import { accepted } from './wording.ts'

export interface Login {
  readonly user: string
  readonly method: 'password' | 'publickey'
  /** Of the key; not read for a password. */
  readonly digest: string
  readonly durationMs: number
  /** Default `bye`. */
  readonly leaving?: Leaving
}

/** From the accepted try to the end of the session. Failures before it on the same connection are written by `wrongPasswords`. */
export function logIn(session: Session, { user, method, digest, durationMs, leaving = 'bye' }: Login): Session {
  const { wording, peer } = session
  return session
    .wait(200, 900)
    .success(user, accepted(method, user, peer, digest))
    .pam(wording.sessionOpened(user))
    .wait(durationMs, durationMs)
    .sayAsUser(wording.left(leaving, user, peer))
    .pam(`pam_unix(sshd:session): session closed for user ${user}`)
}
