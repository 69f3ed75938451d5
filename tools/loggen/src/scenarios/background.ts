import { guessedNames } from '../names.ts'
import type { Random } from '../random.ts'
import { guess } from '../sshd/guessing.ts'
import { Session } from '../sshd/session.ts'
import type { Knock } from '../sshd/wording.ts'
import { accountOf, connection } from '../world.ts'
import { attackTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY } from './scenario.ts'

const knocks: readonly [Knock, ...Knock[]] = ['silent', 'silent', 'http', 'hang', 'early_close']

/**
 * The noise of the internet: addresses that come one to three times, at no regular interval, and each time only knock or guess once.
 * Benign in the sense that nobody wants to hear of them: every threshold lies above.
 */
export const background: Scenario = {
  kind: 'background',
  label: 'benign',
  weight: 2,
  longestLife: (span) => Math.min(span / 2, 3 * DAY),
  plan: planBackground,
}

function planBackground({ world, random, at, spanMs }: Scene): Plan {
  const host = world.host(random)
  const client = world.client(random)
  const tool = attackTool(random)
  const onlyKnocks = random.chance(0.3)
  const times = visits(at, Math.min(spanMs / 2, 3 * DAY), random)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      const session = new Session(host, connection(client, random), random, time)
      if (onlyKnocks) {
        yield session.say(...session.wording.knock(random.pick(knocks), session.peer))
        continue
      }
      const account = accountOf(random.chance(0.4) ? 'root' : random.pick(guessedNames))
      yield guess(session, { account, tries: 1, farewell: tool.farewell, reverseName: client.reverseName })
    }
  }
  return { host, expectedLines: times.length * (onlyKnocks ? 1.3 : 5), sessions: sessions() }
}

/** The first at once, the others anywhere in the life, so that the gaps have nothing regular. */
function visits(at: number, lifeMs: number, random: Random): number[] {
  const later = Array.from({ length: random.int(0, 2) }, () => at + random.between(0, lifeMs))
  return [at, ...later.sort((a, b) => a - b)]
}
