import { guessedNames, systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, oneAddress, SECOND } from './scenario.ts'

/** One address, a guess every few seconds for minutes: the loudest attack there is. At least 12 tries within 5 minutes. */
export const fastBruteForce: Scenario = {
  kind: 'fast_brute_force',
  attack: true,
  roles: oneAddress,
  weight: 5,
  longestLife: () => HOUR,
  plan: planFastBruteForce,
}

function planFastBruteForce({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const onlyRoot = random.chance(0.5)
  const tries = random.skewed(12, Math.min(500, Math.max(16, Math.floor(budget / 12))))

  function* sessions(): Generator<Session> {
    let time = at
    for (let left = tries; left > 0; ) {
      const account = accountOf(onlyRoot ? 'root' : random.chance(0.2) ? random.pick(systemAccounts) : random.pick(guessedNames))
      const now = Math.min(left, bot.tool.triesPerConnection)
      const session = bot.guess(host, time, account, now)
      yield session
      left -= now
      time = session.at + random.between(0, 1.5 * SECOND)
    }
  }
  return { expectedLines: tries * (onlyRoot ? 2.7 : 4.3), sessions: sessions() }
}
