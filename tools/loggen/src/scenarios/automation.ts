import { systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { linesPerLogin, Person } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, ordinary } from './scenario.ts'
import { somewhen } from './times.ts'

/**
 * Programs that log in by key at steady intervals, day and night: a backup all through the log, a deployment every few minutes for some
 * days. A key that was changed fails twice before it is mended.
 */
export const automation: Scenario = {
  kind: 'automation',
  attack: false,
  roles: ordinary,
  weight: 5,
  longestLife: (span) => 0.9 * span,
  plan: planAutomation,
}

function planAutomation(scene: Scene): Plan {
  const { world, random, at, spanMs, budget } = scene
  const lasts = random.chance(0.4)
  const user = lasts ? random.pick([systemAccounts[1], systemAccounts[2], systemAccounts[3]]) : world.service()
  const person = new Person(random, { user, host: world.host(random), client: world.client(random), byKey: true })
  const count = random.skewed(24, Math.min(500, Math.max(30, Math.floor(budget / 10))))
  const longest = (0.9 * spanMs) / count
  const period = lasts ? longest : Math.min(random.pick([5 * MINUTE, 10 * MINUTE, 15 * MINUTE, HOUR]), longest)
  const begins = lasts ? at : somewhen(scene, count * period)
  const jitter = Math.min(random.pick([500, 2000, 8000]), period / 4)
  const brokenFrom = random.chance(0.3) ? random.int(1, count) : Infinity
  const stranger = person.newDigest()

  function* sessions(): Generator<Session> {
    for (let n = 0; n < count; n++) {
      const time = begins + n * period + random.between(0, jitter)
      if (n >= brokenFrom && n < brokenFrom + 2) yield person.refuseKey(person.connect(time), stranger)
      else yield person.logIn(time, { longestMs: Math.max(15_000, Math.min(HOUR, period / 4)) })
    }
  }
  return { expectedLines: count * linesPerLogin, sessions: sessions() }
}
