import type { Session } from './session.ts'
import type { Knock } from './wording.ts'

/** LoginGraceTime of a stock sshd_config. */
const graceMs = 120_000

/** A connection that never gets as far as a user's name. */
export function knock(session: Session, how: Knock): Session {
  const { wording, peer, host } = session
  if (how !== 'hang') return session.say(...wording.knock(how, peer))
  session.wait(graceMs, graceMs + 900)
  const text = wording.graceOver(peer, host.address)
  // Since 9.8 the listening process keeps the time.
  return host.sshd === '9.8' ? session.sayAsListener(text) : session.say(text)
}
