import type { Session } from '../sshd/session.ts'
import { linesPerLogin, Person } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, MINUTE, ordinary } from './scenario.ts'

/** Somebody after a holiday: up to four wrong passwords, then the right one, at once or hours later with the help of the help desk. */
export const forgottenPassword: Scenario = {
  kind: 'forgotten_password',
  attack: false,
  roles: ordinary,
  weight: 1,
  longestLife: () => DAY,
  plan: planForgottenPassword,
}

function planForgottenPassword({ world, random, at }: Scene): Plan {
  const person = new Person(random, { user: world.person(), host: world.host(random), client: world.client(random), byKey: false })
  const tries = random.int(2, 4)
  const again = random.int(1, 3)

  function* sessions(): Generator<Session> {
    let time = at
    if (random.chance(0.5)) yield person.logIn(time, { mistakes: tries })
    else {
      yield person.fail(time, tries)
      time += random.between(20 * MINUTE, 5 * HOUR)
      yield person.logIn(time)
    }
    for (let n = 0; n < again; n++) {
      time += random.between(MINUTE, 4 * HOUR)
      yield person.logIn(time)
    }
  }
  return { expectedLines: tries * 1.3 + 1 + (again + 1) * linesPerLogin, sessions: sessions() }
}
