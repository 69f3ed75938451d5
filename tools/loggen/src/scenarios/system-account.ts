import { daemonAccounts } from '../names.ts'
import { logIn } from '../sshd/login.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'

/** A login to an account of a service, which got a shell and a password or key by mistake or by an intruder. */
export const systemAccount: Scenario = {
  kind: 'system_account',
  attack: true,
  roles: { user: 'subject', address: 'subject' },
  weight: 0.7,
  longestLife: () => 3 * HOUR,
  plan: planSystemAccount,
}

function planSystemAccount({ world, random, at }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const account = accountOf(random.pick(daemonAccounts))
  const tries = random.int(0, 3)
  const logins = random.pick([1, 1, 2, 3])
  const byKey = random.chance(0.3)
  const digest = bot.connect(host, at).wording.keyDigest(() => random.bits())

  function* sessions(): Generator<Session> {
    let time = at
    if (tries > 0 && !byKey) {
      const session = bot.guess(host, time, account, tries)
      yield session
      time = session.at + random.between(SECOND, MINUTE)
    }
    for (let n = 0; n < logins; n++) {
      const durationMs = Math.round(random.between(2 * SECOND, 20 * MINUTE))
      const session = bot.connect(host, time)
      yield logIn(session, { user: account.user, method: byKey ? 'publickey' : 'password', digest, durationMs })
      time = session.at + random.between(MINUTE, 20 * MINUTE)
    }
  }
  return { expectedLines: logins * 4.6 + (byKey ? 0 : tries * 3), sessions: sessions() }
}
