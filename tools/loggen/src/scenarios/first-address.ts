import type { Session } from '../sshd/session.ts'
import { linesPerLogin, newPerson } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { before, HOUR, MINUTE } from './scenario.ts'
import { lastMoment, strikeDay, workingTimes } from './times.ts'

/** A stolen key: somebody who comes from one or two machines always logs in from another, at hours like his own, without one failure. */
export const firstAddress: Scenario = {
  kind: 'first_address',
  attack: true,
  roles: { user: 'subject', address: 'subject' },
  weight: 4,
  needsDays: 7,
  longestLife: (span) => span,
  plan: planFirstAddress,
}

function planFirstAddress(scene: Scene): Plan {
  const { world, random, at } = scene
  const person = newPerson(world, random)
  const machines = [person.client, ...(random.chance(0.4) ? [world.client(random)] : [])]
  const stranger = world.client(random)
  const hours = { opens: random.between(5, 12) * HOUR, length: random.between(7, 9) * HOUR }
  const strike = strikeDay(scene) + hours.opens + random.between(0, hours.length)
  const thefts = new Set(Array.from({ length: random.pick([1, 1, 2, 4]) }, (_, n) => strike + n * random.between(5 * MINUTE, 20 * MINUTE)))
  const times = [...workingTimes(random, at, lastMoment(scene) - 2 * HOUR, hours, random.int(2, 4)), ...thefts].sort((a, b) => a - b)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      if (thefts.has(time)) yield person.logIn(time, { client: stranger, longestMs: 30 * MINUTE })
      else yield person.logIn(time, { client: machines[random.int(0, machines.length - 1)]! }).partOf(before)
    }
  }
  return { expectedLines: times.length * linesPerLogin, sessions: sessions() }
}
