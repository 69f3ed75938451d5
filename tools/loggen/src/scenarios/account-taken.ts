import { systemAccounts } from '../names.ts'
import { logIn } from '../sshd/login.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'

/**
 * Guesses one account's password until it is right, and logs in: the one brute force that did harm. Most log in at once, some write the
 * password down and come back later from another machine.
 */
export const accountTaken: Scenario = {
  kind: 'account_taken',
  attack: true,
  roles: { address: 'subject', user: 'subject' },
  weight: 2,
  longestLife: () => HOUR,
  plan: planAccountTaken,
}

function planAccountTaken({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const account = accountOf(random.pick(systemAccounts))
  const tries = random.skewed(8, Math.min(60, Math.max(10, Math.floor(budget / 8))))
  const isHandedOver = random.chance(0.15)

  function* sessions(): Generator<Session> {
    let time = at
    for (let left = tries; left > 0; ) {
      const now = Math.min(left, bot.tool.triesPerConnection)
      const session = bot.guess(host, time, account, now)
      yield session
      left -= now
      time = session.at + random.between(0, 1.5 * SECOND)
    }
    const durationMs = Math.round(random.between(2 * SECOND, 20 * MINUTE))
    const found = bot.connect(host, time)
    yield logIn(found, { user: account.user, method: 'password', digest: '', durationMs: isHandedOver ? SECOND : durationMs })
    if (!isHandedOver) return
    const other = new Bot(world.client(random), random).connect(host, found.at + random.between(MINUTE, 20 * MINUTE))
    yield logIn(other, { user: account.user, method: 'password', digest: '', durationMs })
  }
  return { expectedLines: tries * 2.7 + 5, sessions: sessions() }
}
