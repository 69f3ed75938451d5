import { systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { linesPerLogin, Person } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, ordinary } from './scenario.ts'

/** A backup or a deployment that logs in by key at steady intervals, day and night; a changed key fails twice before it is mended. */
export const automation: Scenario = {
  kind: 'automation',
  attack: false,
  roles: ordinary,
  weight: 5,
  longestLife: (span) => 0.9 * span,
  plan: planAutomation,
}

function planAutomation({ world, random, at, spanMs, budget }: Scene): Plan {
  const user = random.pick([systemAccounts[1], systemAccounts[2], systemAccounts[3]])
  const person = new Person(random, { user, host: world.host(random), client: world.client(random), byKey: true })
  const count = random.skewed(24, Math.min(500, Math.max(30, Math.floor(budget / 10))))
  const period = Math.min(random.pick([5 * MINUTE, 10 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR]), (0.9 * spanMs) / count)
  const jitter = random.pick([500, 2000, 8000])
  const brokenFrom = random.chance(0.3) ? random.int(1, count) : -1
  const stranger = person.newDigest()

  function* sessions(): Generator<Session> {
    for (let n = 0; n < count; n++) {
      const time = at + n * period + random.between(0, Math.min(jitter, period / 4))
      if (n >= brokenFrom && n < brokenFrom + 2) yield person.refuseKey(person.connect(time), stranger)
      else yield person.logIn(time, { longestMs: Math.max(15_000, period / 4) })
    }
  }
  return { expectedLines: count * linesPerLogin, sessions: sessions() }
}
