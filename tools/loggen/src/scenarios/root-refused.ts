import type { Session } from '../sshd/session.ts'
import { failed } from '../sshd/wording.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, oneAddress, SECOND } from './scenario.ts'
import { moments } from './times.ts'

/** Somebody who has root's password or key, and is kept out by PermitRootLogin alone. */
export const rootRefused: Scenario = {
  kind: 'root_refused',
  attack: true,
  roles: oneAddress,
  weight: 1,
  longestLife: () => 3 * HOUR,
  plan: planRootRefused,
}

function planRootRefused({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const root = accountOf('root')
  const byKey = random.chance(0.5)
  const digest = byKey ? bot.connect(host, at).wording.keyDigest(() => random.bits()) : undefined
  const count = random.skewed(5, Math.min(30, Math.max(7, Math.floor(budget / 6))))
  const pace = random.pick([2 * SECOND, 20 * SECOND, 3 * MINUTE])

  function* sessions(): Generator<Session> {
    for (const time of moments(at, count, () => random.between(0.5, 1.5) * pace)) {
      const session = bot.connect(host, time)
      const { wording, peer } = session
      session.wait(100, 900).say(wording.rootRefused(peer)).failure('root', failed(byKey ? 'publickey' : 'password', root, peer, digest))
      yield session.wait(0, 600).say(...wording.farewell('closed', root, peer))
    }
  }
  return { expectedLines: count * 3, sessions: sessions() }
}
