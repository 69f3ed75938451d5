import { logIn } from '../sshd/login.ts'
import { Session } from '../sshd/session.ts'
import { at as place } from '../sshd/texts.ts'
import { failed, wordingOf } from '../sshd/wording.ts'
import { connection } from '../world.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, MINUTE, ordinary } from './scenario.ts'
import { somewhen, workingTimes } from './times.ts'

/** Somebody whose agent offers all its keys: at each login five or more are refused before the right one. The host logs at VERBOSE. */
export const manyKeys: Scenario = {
  kind: 'many_keys',
  attack: false,
  roles: ordinary,
  weight: 3,
  longestLife: (span) => 0.8 * span,
  plan: planManyKeys,
}

function planManyKeys(scene: Scene): Plan {
  const { world, random, spanMs, budget } = scene
  const host = world.host(random)
  const client = world.client(random)
  const user = world.person()
  const digests = Array.from({ length: random.int(6, 9) }, () => wordingOf(host.sshd).keyDigest(() => random.bits()))
  const linesEach = digests.length + 4.7
  const hours = { opens: random.between(5, 12) * HOUR, length: 9 * HOUR }
  const logins = Math.max(2, Math.floor(budget / linesEach / 2))
  const begins = somewhen(scene, Math.min(0.8 * spanMs, (logins / 1.6) * DAY))
  const times = [begins, ...workingTimes(random, begins + HOUR, begins + 0.8 * spanMs, hours, 4)]
  const kept = times.slice(0, logins)

  function* sessions(): Generator<Session> {
    for (const time of kept) {
      const session = new Session(host, connection(client, random), random, time)
      const { peer } = session
      session.say(`Connection from ${place(peer)} on ${host.address} port 22`)
      for (const digest of digests.slice(0, -1)) {
        session.wait(20, 180).failure(user, failed('publickey', { user, exists: true }, peer, digest))
      }
      yield logIn(session, { user, method: 'publickey', digest: digests.at(-1)!, durationMs: random.skewed(MINUTE, 3 * HOUR) })
    }
  }
  return { expectedLines: kept.length * linesEach, sessions: sessions() }
}
