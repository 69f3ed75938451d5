import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import type { Knock } from '../sshd/wording.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'
import { moments } from './times.ts'

const habits: readonly [readonly [Knock, ...Knock[]], ...(readonly [Knock, ...Knock[]])[]] = [
  ['silent'], ['silent', 'reset'], ['http', 'tls', 'rdp'], ['http', 'tls', 'garbage', 'old_protocol', 'silent'], ['early_close', 'silent'],
]

/** A scanner that looks what stands on the port: no banner, or that of another protocol, again and again within minutes to hours. */
export const probes: Scenario = {
  kind: 'probes',
  attack: true,
  roles: { address: 'subject' },
  weight: 3,
  longestLife: () => 2 * HOUR,
  plan: planProbes,
}

function planProbes({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random)
  const knocks = random.pick(habits)
  const count = random.skewed(8, Math.min(120, Math.max(10, Math.floor(budget / 6))))
  const pace = Math.min(random.pick([0.2 * SECOND, 2 * SECOND, 20 * SECOND, MINUTE]), (2 * HOUR) / count)

  function* sessions(): Generator<Session> {
    for (const time of moments(at, count, () => random.between(0.3, 1.7) * pace)) yield knock(bot.connect(host, time), random.pick(knocks))
  }
  return { expectedLines: count * 1.6, sessions: sessions() }
}
