import type { Session } from '../sshd/session.ts'
import { linesPerLogin, Person } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, ordinary } from './scenario.ts'
import { scattered, workingTimes } from './times.ts'

const fewestLogins = 200

/** A jump host: hundreds of logins of a team over days, all from its one address, and a wrong password now and then. */
export const busyGateway: Scenario = {
  kind: 'busy_gateway',
  attack: false,
  roles: ordinary,
  weight: 5,
  longestLife: (span) => 0.95 * span,
  plan: planBusyGateway,
}

function planBusyGateway({ world, random, at, spanMs, budget }: Scene): Plan {
  const host = world.host(random)
  const client = world.client(random)
  const team = Array.from({ length: random.int(4, 12) }, () => {
    return new Person(random, { user: world.person(), host, client, byKey: random.chance(0.6) })
  })
  const count = random.skewed(fewestLogins, Math.min(600, Math.max(fewestLogins + 50, Math.floor(budget / 5))))
  const days = Math.max(1, (0.9 * spanMs) / (24 * HOUR))
  const hours = { opens: 6 * HOUR, length: 11 * HOUR }
  const planned = workingTimes(random, at, at + 0.9 * spanMs, hours, Math.ceil((2.6 * count) / days))
  // A span of a day or less has too few working hours.
  const times = planned.length >= fewestLogins ? planned : scattered(random, at, 0.9 * spanMs, count)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      const person = team[random.int(0, team.length - 1)]!
      yield person.logIn(time, { mistakes: random.chance(0.015) ? 1 : 0 })
    }
  }
  return { expectedLines: times.length * (linesPerLogin + 0.05), sessions: sessions() }
}
