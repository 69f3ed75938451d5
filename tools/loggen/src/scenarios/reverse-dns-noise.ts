import type { Session } from '../sshd/session.ts'
import { newPerson } from './person.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, ordinary } from './scenario.ts'
import { somewhen } from './times.ts'

/** A provider with a wrong reverse zone: warnings at each connection, and nothing else that is wrong. Every second one is a login. */
export const reverseDnsNoise: Scenario = {
  kind: 'reverse_dns_noise',
  attack: false,
  roles: ordinary,
  weight: 3,
  longestLife: (span) => 0.6 * span,
  plan: planReverseDnsNoise,
}

function planReverseDnsNoise(scene: Scene): Plan {
  const { world, random, spanMs, budget } = scene
  const person = newPerson(world, random)
  const name = `customer-${random.int(1, 9999)}.isp.example.net`
  const count = random.skewed(20, Math.min(200, Math.max(24, Math.floor(budget / 8))))
  const pace = Math.min(random.pick([20_000, 5 * MINUTE, HOUR]), (0.6 * spanMs) / count)

  function* sessions(): Generator<Session> {
    let time = somewhen(scene, 1.2 * count * pace)
    for (let n = 0; n < count; n++, time += random.between(0.2, 1.8) * pace) {
      const session = person.connect(time)
      const { wording, peer } = session
      session.say(random.chance(0.7) ? wording.reverseMismatch(name, peer) : wording.mapsElsewhere(name, peer))
      yield n % 2 === 0 ? person.enter(session) : person.look(session)
    }
  }
  return { expectedLines: count * 3.8, sessions: sessions() }
}
