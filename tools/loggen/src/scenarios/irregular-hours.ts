import type { Session } from '../sshd/session.ts'
import { linesPerLogin, newPerson } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, ordinary } from './scenario.ts'
import { lastMoment } from './times.ts'

/** Somebody on call, or far away half the year: logs in at any hour of day and night, so that none is unusual. */
export const irregularHours: Scenario = {
  kind: 'irregular_hours',
  attack: false,
  roles: ordinary,
  weight: 3,
  longestLife: (span) => span,
  plan: planIrregularHours,
}

function planIrregularHours(scene: Scene): Plan {
  const { world, random, at } = scene
  const person = newPerson(world, random)
  const until = lastMoment(scene) - 2 * HOUR
  const mean = DAY / random.between(2, 4)
  const times: number[] = []
  for (let time = at + random.waiting(mean); time < until || times.length === 0; time += random.waiting(mean)) times.push(time)

  function* sessions(): Generator<Session> {
    for (const time of times) yield person.logIn(time, { mistakes: random.chance(0.02) ? 1 : 0 })
  }
  return { expectedLines: times.length * linesPerLogin, sessions: sessions() }
}
