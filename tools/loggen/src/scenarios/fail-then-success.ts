import { systemAccounts } from '../names.ts'
import { guess } from '../sshd/guessing.ts'
import { logIn } from '../sshd/login.ts'
import { Session } from '../sshd/session.ts'
import { accountOf, connection } from '../world.ts'
import { attackTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'

/** Guesses one account's password until it is right, and logs in at once: the one brute force that did harm. */
export const failThenSuccess: Scenario = {
  kind: 'fail_then_success',
  label: 'attack',
  weight: 1,
  longestLife: () => HOUR,
  plan: planFailThenSuccess,
}

function planFailThenSuccess({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const client = world.client(random)
  const tool = attackTool(random)
  const account = accountOf(random.pick(systemAccounts))
  const tries = random.skewed(8, Math.min(60, Math.max(10, Math.floor(budget / 8))))

  function* sessions(): Generator<Session> {
    let time = at
    for (let left = tries; left > 0; ) {
      const now = Math.min(left, tool.triesPerConnection)
      const session = new Session(host, connection(client, random), random, time)
      yield guess(session, { account, tries: now, farewell: tool.farewell, reverseName: client.reverseName })
      left -= now
      time = session.at + random.between(0, 1.5 * SECOND)
    }
    const session = new Session(host, connection(client, random), random, time)
    yield logIn(session, { user: account.user, method: 'password', digest: '', durationMs: Math.round(random.between(2 * SECOND, 20 * MINUTE)) })
  }
  return { host, expectedLines: tries * 2.7 + 5, sessions: sessions() }
}
