import { guessedNames, systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, MINUTE, oneAddress } from './scenario.ts'
import { moments } from './times.ts'

/** Fewest failures within a day. */
const least = 12

/** One address, minutes to an hour and more between guesses, for up to three days: never five within ten minutes, nor at a steady pace. */
export const slowBruteForce: Scenario = {
  kind: 'slow_brute_force',
  attack: true,
  roles: oneAddress,
  weight: 4,
  longestLife: life,
  plan: planSlowBruteForce,
}

function life(spanMs: number): number {
  return Math.min(0.5 * spanMs, 3 * DAY)
}

function planSlowBruteForce({ world, random, at, spanMs, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random, variedTool(random))
  const onlyRoot = random.chance(0.4)
  const tries = random.skewed(least, Math.min(150, Math.max(least + 6, Math.floor(budget / 12))))
  // At the longest mean a day still holds the least; gaps are spread widely around it.
  const longest = Math.min(life(spanMs) / tries, 0.8 * DAY / least)
  const mean = random.between(Math.min(4 * MINUTE, longest), longest)
  const gap = () => Math.max(2.6 * MINUTE, Math.min(random.waiting(mean * 0.9) + mean * 0.1, 4 * HOUR))

  function* sessions(): Generator<Session> {
    for (const time of moments(at, tries, gap)) {
      yield bot.guess(host, time, accountOf(onlyRoot ? 'root' : random.pick(random.chance(0.3) ? systemAccounts : guessedNames)))
    }
  }
  return { expectedLines: tries * (onlyRoot ? 3.5 : 4.9), sessions: sessions() }
}
