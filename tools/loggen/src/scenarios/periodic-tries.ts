import { guessedNames } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, MINUTE, oneAddress } from './scenario.ts'

const shortest = 11 * MINUTE

/** A program that guesses once and sleeps, for the same time each time but for some jitter; it never gets in. */
export const periodicTries: Scenario = {
  kind: 'periodic_tries',
  attack: true,
  roles: oneAddress,
  weight: 3,
  longestLife: life,
  plan: planPeriodicTries,
}

function life(spanMs: number): number {
  return Math.min(0.6 * spanMs, 4 * DAY)
}

function planPeriodicTries({ world, random, at, spanMs, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random, variedTool(random))
  const user = random.chance(0.4) ? 'root' : null
  const tries = random.skewed(5, Math.min(60, Math.max(6, Math.floor(budget / 8))))
  const period = random.between(shortest, Math.max(shortest, Math.min(110 * MINUTE, life(spanMs) / tries)))
  const jitter = random.pick([0, 0.01, 0.03, 0.06])

  function* sessions(): Generator<Session> {
    for (let n = 0; n < tries; n++) {
      const time = at + n * period + (n === 0 ? 0 : random.between(-jitter, jitter) * period)
      yield bot.guess(host, time, accountOf(user ?? random.pick(guessedNames)))
    }
  }
  return { expectedLines: tries * (user === null ? 5.3 : 3.5), sessions: sessions() }
}
