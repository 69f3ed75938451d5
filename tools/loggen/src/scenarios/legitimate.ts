import type { Random } from '../random.ts'
import { wrongPasswords } from '../sshd/guessing.ts'
import { logIn } from '../sshd/login.ts'
import { Session } from '../sshd/session.ts'
import { wordingOf } from '../sshd/wording.ts'
import { connection } from '../world.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, MINUTE, ordinary } from './scenario.ts'

/** A person with an account, from one address, a few sessions each working day, by key or password; passwords are mistyped now and then. */
export const legitimate: Scenario = {
  kind: 'legitimate',
  attack: false,
  roles: ordinary,
  weight: 14,
  longestLife: life,
  plan: planLegitimate,
}

function life(spanMs: number): number {
  return spanMs * 0.7
}

function planLegitimate({ world, random, at, spanMs }: Scene): Plan {
  const host = world.host(random)
  const client = world.client(random)
  const user = world.person()
  const byKey = random.chance(0.7)
  const digest = wordingOf(host.sshd).keyDigest(() => random.bits())
  // The last hours are left for the last session to end in.
  const times = workingTimes(at, life(spanMs) * random.between(0.3, 0.9), random)

  function* sessions(): Generator<Session> {
    for (const time of times) {
      const session = new Session(host, connection(client, random), random, time)
      if (!byKey && random.chance(0.06)) wrongPasswords(session, { user, exists: true }, random.chance(0.8) ? 1 : 2)
      const longest = Math.min(3 * HOUR, life(spanMs) * 0.1)
      yield logIn(session, { user, method: byKey ? 'publickey' : 'password', digest, durationMs: random.skewed(MINUTE / 6, longest) })
    }
  }
  return { expectedLines: times.length * 4.8, sessions: sessions() }
}

/** Session starts within the hours the person keeps, about four a day, in time order: at least the first, and more often where life is short. */
function workingTimes(from: number, lifeMs: number, random: Random): number[] {
  const opens = random.int(5, 12) * HOUR
  const hours = 9 * HOUR
  const until = from + lifeMs
  const times = [from]
  for (let time = from; ; ) {
    time += random.waiting(Math.min(hours / 4, lifeMs / 5))
    const sinceOpening = (((time - opens) % DAY) + DAY) % DAY
    if (sinceOpening > hours) time += DAY - sinceOpening + random.waiting(HOUR)
    if (time >= until) return times
    times.push(time)
  }
}
