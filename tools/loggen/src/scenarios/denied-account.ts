import type { Session } from '../sshd/session.ts'
import type { Refusal } from '../sshd/wording.ts'
import { failed, pamFailure, refused } from '../sshd/wording.ts'
import { accountOf } from '../world.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND, oneAddress } from './scenario.ts'
import { moments } from './times.ts'
import { systemAccounts } from '../names.ts'

const refusals: readonly [Exclude<Refusal, 'locked'>, ...Exclude<Refusal, 'locked'>[]] = ['not_listed', 'listed', 'not_in_group', 'group']

/** Keeps trying accounts that exist but may not log in: who is refused so often is no colleague who has left. */
export const deniedAccount: Scenario = {
  kind: 'denied_account',
  attack: true,
  roles: oneAddress,
  weight: 3,
  longestLife: () => 3 * HOUR,
  plan: (scene) => planRefused(scene, scene.random.pick(refusals)),
}

/** The tries of one address at accounts refused for one reason. sshd still asks for the password, and calls the user invalid. */
export function planRefused({ world, random, at, budget }: Scene, why: Refusal): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random, { triesPerConnection: 1, farewell: random.pick(['bye', 'closed', 'no_more_methods']) })
  const count = random.skewed(6, Math.min(80, Math.max(8, Math.floor(budget / 8))))
  const pace = Math.min(random.pick([2 * SECOND, 10 * SECOND, MINUTE, 3 * MINUTE]), (3 * HOUR) / count)
  const one = random.pick(systemAccounts)
  const always = why === 'locked' || random.chance(0.6)

  function* sessions(): Generator<Session> {
    for (const time of moments(at, count, () => random.between(0.5, 1.5) * pace)) {
      const { user } = accountOf(always ? one : random.pick(systemAccounts))
      const session = bot.connect(host, time).about(user)
      const { wording, peer } = session
      session.say(refused(why, user, peer), ...wording.refusedUser({ user, exists: false }))
      session.pam(pamFailure({ user, exists: true }, peer)).wait(1200, 3000)
      session.failure(user, failed('password', { user, exists: false }, peer))
      yield session.wait(0, 600).say(...wording.farewell(bot.tool.farewell, { user, exists: false }, peer))
    }
  }
  return { expectedLines: count * 4.8, sessions: sessions() }
}
