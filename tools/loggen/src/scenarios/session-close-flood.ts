import { systemAccounts } from '../names.ts'
import { Session } from '../sshd/session.ts'
import { wordingOf } from '../sshd/wording.ts'
import { connection } from '../world.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { MINUTE } from './scenario.ts'

/** A restart or a lost uplink: within seconds the sessions of all who were logged in are closed, most without a word of who or whence. */
export const sessionCloseFlood: Scenario = {
  kind: 'session_close_flood',
  attack: false,
  roles: { host: 'subject', user: 'subject', address: 'subject' },
  weight: 3,
  longestLife: () => 5 * MINUTE,
  plan: planSessionCloseFlood,
}

function planSessionCloseFlood({ world, random, at, budget }: Scene): Plan {
  const host = world.hostWhere(random, ({ pam }) => pam)
  const users = Array.from({ length: random.int(2, 8) }, () => world.person())
  const clients = users.map(() => world.client(random))
  const count = random.skewed(40, Math.min(400, Math.max(50, Math.floor(budget / 3))))
  const tellsPeer = random.chance(0.3)
  const lengthMs = random.between(1000, 20_000)

  function* sessions(): Generator<Session> {
    for (let n = 0; n < count; n++) {
      const index = n % (users.length + 1)
      const user = users[index] ?? systemAccounts[1]
      const peer = connection(clients[index] ?? clients[0]!, random)
      const time = at + (n * lengthMs) / count
      // Two processes, and the one that knows the user's address is not the one that closes the session.
      if (tellsPeer) yield new Session(host, peer, random, time).sayAsUser(wordingOf(host.sshd).left('bye', user, peer)).about(user)
      yield new Session(host, peer, random, time).pam(`pam_unix(sshd:session): session closed for user ${user}`).about(user)
    }
  }
  return { expectedLines: count * (tellsPeer ? 2.8 : 1), sessions: sessions() }
}
