import { guessedNames, staffName } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import type { Farewell } from '../sshd/wording.ts'
import { failed } from '../sshd/wording.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND, oneAddress } from './scenario.ts'
import { moments } from './times.ts'

/** Finds out which accounts there are: names a user, looks how sshd answers, and leaves, mostly without trying a password. */
export const enumeration: Scenario = {
  kind: 'enumeration',
  attack: true,
  roles: oneAddress,
  weight: 4,
  longestLife: () => 2 * HOUR,
  plan: planEnumeration,
}

function planEnumeration({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const farewell = random.pick<Farewell>(['closed', 'closed', 'bye', 'no_more_methods'])
  const bot = new Bot(world.client(random), random)
  const triesNone = random.chance(0.25)
  const names = random.skewed(12, Math.min(300, Math.max(16, Math.floor(budget / 9))))
  const pace = Math.min(random.pick([0.4 * SECOND, 3 * SECOND, 15 * SECOND, MINUTE]), (2 * HOUR) / names)
  const firstName = random.int(0, 2000)
  const ofStaff = random.chance(0.5)

  function* sessions(): Generator<Session> {
    let n = 0
    for (const time of moments(at, names, () => random.between(0.5, 1.5) * pace)) {
      const index = firstName + n++
      const account = accountOf(ofStaff ? staffName(index) : guessedNames[index % guessedNames.length]!)
      const session = bot.connect(host, time).about(account.user)
      session.say(...session.wording.unknownUser(account, session.peer))
      if (triesNone) session.failure(account.user, failed('none', account, session.peer))
      yield session.wait(50, 900).say(...session.wording.farewell(farewell, account, session.peer))
    }
  }
  return { expectedLines: names * (triesNone ? 3.8 : 2.8), sessions: sessions() }
}
