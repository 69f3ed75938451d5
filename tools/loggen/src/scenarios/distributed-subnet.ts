import { guessedNames, systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE } from './scenario.ts'
import { scattered } from './times.ts'

/** The machines of one network take turns: each guesses a few times at most, the network many times, with one tool. */
export const distributedSubnet: Scenario = {
  kind: 'distributed_subnet',
  attack: true,
  roles: { subnet: 'subject', address: 'member', user: 'target' },
  weight: 4,
  longestLife: () => 8 * HOUR,
  plan: planDistributedSubnet,
}

function planDistributedSubnet({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const subnet = world.subnet(random)
  const tool = { ...variedTool(random), triesPerConnection: 1 }
  const machines = random.skewed(8, Math.min(100, Math.max(12, Math.floor(budget / 25))))
  const visits = machines * random.pick([1, 2, 3])
  const tries = Math.max(visits, 20)
  const onlyRoot = random.chance(0.4)
  const length = Math.min(random.pick([10 * MINUTE, HOUR, 6 * HOUR]), tries * 5 * MINUTE)

  function* sessions(): Generator<Session> {
    const bots = Array.from({ length: machines }, () => new Bot(subnet.next(), random, tool))
    let n = 0
    for (const time of scattered(random, at, length, tries)) {
      const account = accountOf(onlyRoot ? 'root' : random.pick(random.chance(0.3) ? systemAccounts : guessedNames))
      const session = bots[n++ % machines]!.guess(host, time, account)
      session.subnet = subnet.text
      yield session
    }
  }
  return { expectedLines: tries * (onlyRoot ? 3.5 : 4.9), sessions: sessions() }
}
