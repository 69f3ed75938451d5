import { guessedNames, systemAccounts } from '../names.ts'
import { guess } from '../sshd/guessing.ts'
import { Session } from '../sshd/session.ts'
import { accountOf, connection } from '../world.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, SECOND } from './scenario.ts'
import { attackTool } from './attack-tool.ts'

/** One address, a guess every few seconds for minutes: the loudest attack there is. At least 12 tries within 5 minutes. */
export const fastBruteForce: Scenario = {
  kind: 'fast_brute_force',
  label: 'attack',
  weight: 5,
  longestLife: () => HOUR,
  plan: planFastBruteForce,
}

function planFastBruteForce({ world, random, at, budget }: Scene): Plan {
  const host = world.host(random)
  const client = world.client(random)
  const tool = attackTool(random)
  const onlyRoot = random.chance(0.5)
  const tries = random.skewed(12, Math.min(500, Math.max(16, Math.floor(budget / 12))))

  function* sessions(): Generator<Session> {
    let time = at
    for (let left = tries; left > 0; ) {
      const account = accountOf(onlyRoot ? 'root' : random.chance(0.2) ? random.pick(systemAccounts) : random.pick(guessedNames))
      const now = Math.min(left, tool.triesPerConnection)
      const session = new Session(host, connection(client, random), random, time)
      yield guess(session, { account, tries: now, farewell: tool.farewell, reverseName: client.reverseName })
      left -= now
      time = session.at + random.between(0, 1.5 * SECOND)
    }
  }
  return { host, expectedLines: tries * (onlyRoot ? 2.7 : 4.3), sessions: sessions() }
}
