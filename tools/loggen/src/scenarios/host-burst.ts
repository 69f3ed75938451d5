import { guessedNames, systemAccounts } from '../names.ts'
import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { MINUTE } from './scenario.ts'
import { scattered } from './times.ts'

/** A botnet turns on one host: within minutes more strangers than in a day, each of which knocks or guesses once or twice. */
export const hostBurst: Scenario = {
  kind: 'host_burst',
  attack: true,
  roles: { host: 'subject', address: 'member', user: 'target' },
  weight: 4,
  longestLife: () => 20 * MINUTE,
  plan: planHostBurst,
}

function planHostBurst({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const machines = random.skewed(100, Math.min(600, Math.max(120, Math.floor(budget / 6))))
  const throttles = !['6.6', '7.4'].includes(host.sshd) && random.chance(0.6)
  const length = random.between(2 * MINUTE, 12 * MINUTE)

  function* sessions(): Generator<Session> {
    // OpenSSH tells of connections it has no room for since 8.3: the first at once, the rest as a sum.
    const throttledFrom = throttles ? random.int(20, machines / 2) : Infinity
    let n = 0
    for (const time of scattered(random, at, length, machines)) {
      n++
      const bot = new Bot(world.client(random), random, variedTool(random))
      if (n === throttledFrom) yield throttle(bot.connect(host, time))
      if (n === machines && throttles) yield relax(bot.connect(host, time), Math.round((time - at) / 2))
      if (random.chance(0.15)) yield knock(bot.connect(host, time), random.pick(['silent', 'early_close', 'reset']))
      else yield bot.guess(host, time, accountOf(random.pick(random.chance(0.3) ? systemAccounts : guessedNames)), random.pick([1, 1, 1, 2]))
    }
  }
  return { expectedLines: machines * 5.1, sessions: sessions() }
}

function throttle(session: Session): Session {
  const { peer, host } = session
  return session.sayAsListener(
    'error: beginning MaxStartups throttling',
    `drop connection #10 from [${peer.address}]:${peer.port} on [${host.address}]:22 past MaxStartups`,
  )
}

function relax(session: Session, lengthMs: number): Session {
  const clock = new Date(lengthMs).toISOString().slice(11, 19)
  return session.sayAsListener(`exited MaxStartups throttling after ${clock}, ${session.random.int(3, 90)} connections dropped`)
}
