import { isSystemAccount } from '../names.ts'
import type { Session } from './session.ts'
import { at } from './texts.ts'
import type { Account, Farewell } from './wording.ts'
import { failed, pamFailure } from './wording.ts'

/** MaxAuthTries of a stock sshd_config. */
export const maxTries = 6

export interface Guessing {
  readonly account: Account
  /** Wrong passwords on this one connection, 1 to MaxAuthTries. */
  readonly tries: number
  readonly farewell: Farewell
  /** The client answers PAM's questions instead of sending a password. Default false; a host without PAM asks none. */
  readonly asked?: boolean
  /** A reverse name that does not lead back to the address; null when there is none to complain of. */
  readonly reverseName: string | null
}

/** One connection that guesses passwords and gets none right. The last try MaxAuthTries allows makes sshd hang up by itself. */
export function guess(session: Session, { account, tries, farewell, reverseName, asked = false }: Guessing): Session {
  const { wording, peer, random } = session
  if (reverseName !== null) session.say(wording.reverseMismatch(reverseName, peer))
  if (!account.exists) session.say(...wording.unknownUser(account, peer))
  if (!account.exists && tries > 1 && random.chance(0.1)) session.failure(account.user, failed('none', account, peer))
  if (asked && session.host.pam) wrongAnswers(session, account, tries)
  else wrongPasswords(session, account, tries)
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
    sayUidRule(session, account)
    session.wait(1200, 3000)
    if (n === 1 || !folded) session.failure(account.user, text)
    else if (n === tries) session.failure(account.user, `message repeated ${tries - 1} times: [ ${text}]`, tries - 1)
  }
  return session
}

/** Wrong answers to PAM's questions; sshd repeats what PAM told it. */
function wrongAnswers(session: Session, account: Account, tries: number): void {
  const { peer, random } = session
  const { user, exists } = account
  const why = exists ? 'Authentication failure for ' : 'User not known to the underlying authentication module for illegal user '
  for (let n = 1; n <= tries; n++) {
    if (!exists) {
      session.say(`Postponed keyboard-interactive for invalid user ${user} from ${at(peer)} ssh2 [preauth]`)
      session.pam('pam_unix(sshd:auth): check pass; user unknown')
    }
    if (n === 1) session.pam(pamFailure(account, peer))
    sayUidRule(session, account)
    session.wait(1200, 3000).say(`error: PAM: ${why}${user} from ${peer.rhost}`)
    session.failure(user, failed('keyboard-interactive/pam', account, peer))
    if (n < tries) session.wait(0, random.int(200, 900))
  }
}

/** Red Hat's PAM stack asks no directory about accounts below 1000, and says so. */
function sayUidRule(session: Session, { user, exists }: Account): void {
  if (session.host.sshd !== '7.4' || !exists || !isSystemAccount(user)) return
  session.pam(`pam_succeed_if(sshd:auth): requirement "uid >= 1000" not met by user "${user}"`)
}
