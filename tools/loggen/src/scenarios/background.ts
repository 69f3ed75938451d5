import { guessedNames } from '../names.ts'
import type { Random } from '../random.ts'
import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import type { Knock } from '../sshd/wording.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, oneAddress } from './scenario.ts'

const knocks: readonly [Knock, ...Knock[]] = ['silent', 'silent', 'http', 'hang', 'early_close']

/**
 * The noise of the internet: addresses that come one to three times, at no regular interval, and each time only knock or guess once.
 * Benign in the sense that nobody wants to hear of them: every threshold lies above.
 */
export const background: Scenario = {
  kind: 'background',
  attack: false,
  roles: oneAddress,
  weight: 14,
  longestLife: (span) => Math.min(span / 2, 3 * DAY),
  plan: planBackground,
}

function planBackground({ world, random, at, spanMs }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const onlyKnocks = random.chance(0.3)
  const times = visits(at, Math.min(spanMs / 2, 3 * DAY), random)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      if (onlyKnocks) yield knock(bot.connect(host, time), random.pick(knocks))
      else yield bot.guess(host, time, accountOf(random.chance(0.4) ? 'root' : random.pick(guessedNames)))
    }
  }
  return { expectedLines: times.length * (onlyKnocks ? 1.3 : 5), sessions: sessions() }
}

/** The first at once, the others anywhere in the life, so that the gaps have nothing regular. */
function visits(at: number, lifeMs: number, random: Random): number[] {
  const later = Array.from({ length: random.int(0, 2) }, () => at + random.between(0, lifeMs))
  return [at, ...later.sort((a, b) => a - b)]
}
