import type { Session } from '../sshd/session.ts'
import { linesPerLogin, newPerson } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, ordinary } from './scenario.ts'
import { lastMoment, workingTimes } from './times.ts'

/** Somebody on the road: a new address every few logins, from the first day on, so that one more is nothing new. */
export const roamingUser: Scenario = {
  kind: 'roaming_user',
  attack: false,
  roles: ordinary,
  weight: 3,
  longestLife: (span) => span,
  plan: planRoamingUser,
}

function planRoamingUser(scene: Scene): Plan {
  const { world, random, at } = scene
  const person = newPerson(world, random)
  const until = lastMoment(scene) - 2 * HOUR
  const times = [at + HOUR, ...workingTimes(random, at + 2 * HOUR, until, { opens: random.between(4, 9) * HOUR, length: 12 * HOUR }, 4)]

  function* sessions(): Generator<Session> {
    let { client } = person
    for (const time of times) {
      if (random.chance(0.4)) client = world.client(random)
      yield person.logIn(time, { client, mistakes: random.chance(0.02) ? 1 : 0 })
    }
  }
  return { expectedLines: times.length * linesPerLogin, sessions: sessions() }
}
