import { personName, systemAccounts } from '../names.ts'
import type { Session } from '../sshd/session.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE } from './scenario.ts'
import { scattered } from './times.ts'

/** Many machines from all over the net share out the guessing of one account's password; each keeps far below what would have it banned. */
export const distributedUser: Scenario = {
  kind: 'distributed_user',
  attack: true,
  roles: { user: 'subject', address: 'member' },
  weight: 4,
  longestLife: () => 8 * HOUR,
  plan: planDistributedUser,
}

function planDistributedUser({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const machines = random.skewed(15, Math.min(150, Math.max(18, Math.floor(budget / 16))))
  const visits = machines * random.pick([1, 1, 2])
  const isPerson = world.people > 0 && random.chance(0.5)
  const account = isPerson ? { user: personName(random.int(0, world.people - 1)), exists: true } : accountOf(random.pick(systemAccounts))
  const length = Math.min(random.pick([10 * MINUTE, HOUR, 6 * HOUR]), visits * 6 * MINUTE)

  function* sessions(): Generator<Session> {
    const bots = Array.from({ length: machines }, () => new Bot(world.client(random), random, variedTool(random)))
    let n = 0
    for (const time of scattered(random, at, length, visits)) {
      yield bots[n++ % machines]!.guess(host, time, account, random.pick([1, 1, 1, 2]))
    }
  }
  return { expectedLines: visits * 3.95, sessions: sessions() }
}
