import { staffName, systemAccounts, personName } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND, oneAddress } from './scenario.ts'
import { moments } from './times.ts'

/** One address tries one or two passwords on each of many accounts: real people, and names as companies form them. */
export const spraying: Scenario = {
  kind: 'spraying',
  attack: true,
  roles: oneAddress,
  weight: 4,
  longestLife: () => 3 * HOUR,
  plan: planSpraying,
}

function planSpraying({ world, random, at, budget }: Scene): Plan {
  const hosts = world.targets(random)
  const bot = new Bot(world.client(random), random, variedTool(random))
  const users = random.skewed(12, Math.min(200, Math.max(16, Math.floor(budget / 12))))
  const rounds = random.pick([1, 1, 2])
  const pace = Math.min(random.pick([2 * SECOND, 20 * SECOND, 2 * MINUTE, 5 * MINUTE]), (3 * HOUR) / (users * rounds))
  const firstName = random.int(0, 2000)
  const known = Math.min(world.people, Math.floor(users * random.between(0.1, 0.6)))
  const firstKnown = random.int(0, world.people)

  function account(n: number) {
    if (n < known) return { user: personName((firstKnown + n) % world.people), exists: true }
    return accountOf(n % 9 === 0 ? systemAccounts[(n / 9) % systemAccounts.length]! : staffName(firstName + n))
  }
  function* sessions(): Generator<Session> {
    let n = 0
    for (const time of moments(at, users * rounds, () => random.between(0.6, 1.4) * pace)) {
      yield bot.guess(random.pick(hosts), time, account(n++ % users))
    }
  }
  return { expectedLines: users * rounds * 4.8, sessions: sessions() }
}
