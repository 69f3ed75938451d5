import type { Session } from './session.ts'
import type { Account, Farewell } from './wording.ts'
import { failed, pamFailure } from './wording.ts'

/** MaxAuthTries of a stock sshd_config. */
export const maxTries = 6

export interface Guessing {
  readonly account: Account
  /** Wrong passwords on this one connection, 1 to MaxAuthTries. */
  readonly tries: number
  readonly farewell: Farewell
  /** A reverse name that does not lead back to the address; null when there is none to complain of. */
  readonly reverseName: string | null
}

/** One connection that guesses passwords and gets none right. The last try MaxAuthTries allows makes sshd hang up by itself. */
export function guess(session: Session, { account, tries, farewell, reverseName }: Guessing): Session {
  const { wording, peer, random } = session
  if (reverseName !== null) session.say(wording.reverseMismatch(reverseName, peer))
  if (!account.exists) session.say(...wording.unknownUser(account, peer))
  if (!account.exists && tries > 1 && random.chance(0.1)) session.failure(account.user, failed('none', account, peer))
  wrongPasswords(session, account, tries)
  if (tries >= maxTries) session.say(...wording.tooManyFailures(account, peer))
  else session.wait(0, 600).say(...wording.farewell(farewell, account, peer))
  // PAM tells the first failure at once and the rest in one line when the connection ends.
  if (tries > 1) session.pam(pamFailure(account, peer, tries - 1))
  if (tries > 3) session.pam(`PAM service(sshd) ignoring max retries; ${tries} > 3`)
  return session
}

/** The failures themselves, on a connection that goes on. */
export function wrongPasswords(session: Session, account: Account, tries: number): Session {
  const { peer, random } = session
  const text = failed('password', account, peer)
  // An unknown user gets a PAM line before each failure, so only an existing one's failures stand side by side for syslog to fold.
  const folded = account.exists && tries > 2 && random.chance(0.3)
  for (let n = 1; n <= tries; n++) {
    if (!account.exists) session.pam('pam_unix(sshd:auth): check pass; user unknown')
    if (n === 1) session.pam(pamFailure(account, peer))
    session.wait(1200, 3000)
    if (n === 1 || !folded) session.failure(account.user, text)
    else if (n === tries) session.failure(account.user, `message repeated ${tries - 1} times: [ ${text}]`, tries - 1)
  }
  return session
}
