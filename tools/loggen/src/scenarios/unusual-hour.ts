import type { Session } from '../sshd/session.ts'
import { linesPerLogin, newPerson } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { before, DAY, HOUR, MINUTE } from './scenario.ts'
import { lastMoment, strikeDay, workingTimes } from './times.ts'

/** Somebody who keeps office hours, and from whose machine a login comes in the depth of the night: four hours or more from those he keeps. */
export const unusualHour: Scenario = {
  kind: 'unusual_hour',
  attack: true,
  roles: { user: 'subject', address: 'member' },
  weight: 4,
  needsDays: 7,
  longestLife: (span) => span,
  plan: planUnusualHour,
}

function planUnusualHour(scene: Scene): Plan {
  const { world, random, at } = scene
  const person = newPerson(world, random)
  const hours = { opens: random.between(5, 12) * HOUR, length: random.between(7, 9) * HOUR }
  const theft = strikeDay(scene) - DAY + hours.opens + hours.length + random.between(4 * HOUR, 20 * HOUR - hours.length)
  const times = [...workingTimes(random, at, lastMoment(scene) - 2 * HOUR, hours, random.int(2, 4)), theft].sort((a, b) => a - b)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      if (time === theft) yield person.logIn(time, { longestMs: 20 * MINUTE })
      else yield person.logIn(time, { mistakes: random.chance(0.02) ? 1 : 0 }).partOf(before)
    }
  }
  return { expectedLines: times.length * linesPerLogin, sessions: sessions() }
}
