import { guessedNames, systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, MINUTE, oneAddress, SECOND } from './scenario.ts'

/** Guesses fast, stays away for hours or days, as after a ban, and goes on where it stopped. */
export const returningBruteForce: Scenario = {
  kind: 'returning_brute_force',
  attack: true,
  roles: oneAddress,
  weight: 4,
  longestLife: life,
  plan: planReturningBruteForce,
}

function life(spanMs: number): number {
  return Math.min(0.5 * spanMs, 5 * DAY)
}

function planReturningBruteForce({ world, random, at, spanMs, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random, variedTool(random))
  const waves = random.int(2, 4)
  const perWave = random.skewed(6, Math.min(60, Math.max(8, Math.floor(budget / 40))))
  const pause = random.between(Math.min(20 * MINUTE, life(spanMs) / waves / 2), (0.9 * life(spanMs)) / waves)
  const user = random.chance(0.5) ? 'root' : null

  function* sessions(): Generator<Session> {
    let time = at
    for (let wave = 0; wave < waves; wave++) {
      time = Math.max(time, at + wave * pause)
      for (let left = perWave; left > 0; ) {
        const account = accountOf(user ?? random.pick(random.chance(0.2) ? systemAccounts : guessedNames))
        const tries = Math.min(left, bot.tool.triesPerConnection)
        const session = bot.guess(host, time, account, tries)
        yield session
        left -= tries
        time = session.at + random.between(0, 10 * SECOND)
      }
    }
  }
  return { expectedLines: waves * perWave * (user === null ? 4.1 : 2.9), sessions: sessions() }
}
