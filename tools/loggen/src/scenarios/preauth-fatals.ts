import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import type { Breakage } from '../sshd/wording.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'
import { moments } from './times.ts'

/** A fuzzer or an exploit at work: connections that break in ways a client's do not, or hang until sshd's patience ends, in bursts. */
export const preauthFatals: Scenario = {
  kind: 'preauth_fatals',
  attack: true,
  roles: { address: 'subject' },
  weight: 2,
  longestLife: () => HOUR,
  plan: planPreauthFatals,
}

function planPreauthFatals({ world, random, at, budget }: Scene): Plan {
  // OpenSSH 6.6 does not say who it was.
  const host = world.hostWhere(random, ({ sshd }) => sshd !== '6.6')
  const bot = new Bot(world.client(random), random)
  const hangs = random.chance(0.4)
  const breakages: readonly [Breakage, ...Breakage[]] = random.chance(0.5) ? ['corrupt'] : ['corrupt', 'mac', 'padding', 'broken_pipe']
  const count = random.skewed(8, Math.min(100, Math.max(10, Math.floor(budget / 6))))
  const pace = Math.min(random.pick([0.3 * SECOND, 2 * SECOND, 10 * SECOND, 40 * SECOND]), (20 * MINUTE) / count)

  function* sessions(): Generator<Session> {
    for (const time of moments(at, count, () => random.between(0.3, 1.7) * pace)) {
      const session = bot.connect(host, time)
      yield hangs ? knock(session, 'hang') : session.say(...session.wording.breakage(random.pick(breakages), session.peer))
    }
  }
  return { expectedLines: count * (hangs ? 1 : 1.8), sessions: sessions() }
}
