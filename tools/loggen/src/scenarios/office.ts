import type { Session } from '../sshd/session.ts'
import { linesPerLogin, Person } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, ordinary } from './scenario.ts'
import { scattered, somewhen, workingTimes } from './times.ts'

/** A whole office behind one address: many users, nearly all let in, typing errors, and one who forgot his password and tries thrice or more. */
export const office: Scenario = {
  kind: 'office',
  attack: false,
  roles: ordinary,
  weight: 6,
  longestLife: (span) => 0.8 * span,
  plan: planOffice,
}

function planOffice(scene: Scene): Plan {
  const { world, random, spanMs, budget } = scene
  const host = world.host(random)
  const client = world.client(random)
  const size = random.int(8, Math.max(12, Math.min(40, Math.floor(budget / 40))))
  const staff = Array.from({ length: size }, () => new Person(random, { user: world.person(), host, client, byKey: random.chance(0.3) }))
  const days = Math.max(1, Math.min(random.int(2, 8), Math.floor(budget / (size * 3 * linesPerLogin))))
  const hours = { opens: random.between(5, 9) * HOUR, length: 9 * HOUR }
  const length = Math.min(days * DAY, 0.8 * spanMs)
  const begins = somewhen(scene, length)
  const planned = workingTimes(random, begins, begins + length, hours, size * 4)
  // A span of hours, or a weekend.
  const times = planned.length >= size ? planned : scattered(random, begins, length / 2, size * 2)
  const forgetful = staff[0]!
  const forgets = times[random.int(0, times.length - 1)]!
  const givesUp = random.chance(0.5)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      if (time === forgets) {
        yield givesUp ? forgetful.fail(time, random.int(3, 4)) : forgetful.logIn(time, { mistakes: random.int(3, 4) })
        continue
      }
      const person = staff[random.int(1, staff.length - 1)]!
      yield person.logIn(time, { mistakes: random.chance(0.02) ? random.pick([1, 1, 2]) : 0 })
    }
  }
  return { expectedLines: times.length * (linesPerLogin + 0.1) + 8, sessions: sessions() }
}
