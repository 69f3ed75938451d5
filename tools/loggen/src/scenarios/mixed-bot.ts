import { guessedNames, systemAccounts } from '../names.ts'
import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import { failed } from '../sshd/wording.ts'
import { accountOf } from '../world.ts'
import { Bot, variedTool } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { DAY, HOUR, MINUTE, oneAddress, SECOND } from './scenario.ts'

/** A bot that comes back every few hours or days and uses all means it knows: knocking, names without a password, keys, passwords. */
export const mixedBot: Scenario = {
  kind: 'mixed_bot',
  attack: true,
  roles: oneAddress,
  weight: 4,
  longestLife: life,
  plan: planMixedBot,
}

function life(spanMs: number): number {
  return Math.min(0.5 * spanMs, 4 * DAY)
}

function planMixedBot({ world, random, at, spanMs, budget }: Scene): Plan {
  const host = world.host(random)
  const bot = new Bot(world.client(random), random, variedTool(random))
  const waves = random.int(2, 5)
  const perWave = random.skewed(7, Math.min(40, Math.max(8, Math.floor(budget / 40))))
  const pause = random.between(Math.min(HOUR, life(spanMs) / waves / 2), (life(spanMs) * 0.9) / waves)
  const digest = bot.connect(host, at).wording.keyDigest(() => random.bits())

  function* sessions(): Generator<Session> {
    let time = at
    for (let wave = 0; wave < waves; wave++) {
      time = Math.max(time, at + wave * pause)
      for (let n = 0; n < perWave; n++, time += random.between(SECOND, MINUTE / 2)) {
        yield visit(time, n === 0 ? 'password' : random.pick(['password', 'password', 'password', 'name', 'key', 'knock']))
      }
    }
  }
  function visit(time: number, how: 'password' | 'name' | 'key' | 'knock'): Session {
    const account = accountOf(random.chance(0.4) ? random.pick(systemAccounts) : random.pick(guessedNames))
    if (how === 'password') return bot.guess(host, time, account)
    const session = bot.connect(host, time)
    const { wording, peer } = session
    if (how === 'knock') return knock(session, random.pick(['silent', 'http', 'early_close']))
    session.about(account.user)
    if (!account.exists) session.say(...wording.unknownUser(account, peer))
    if (how === 'key') session.failure(account.user, failed('publickey', account, peer, digest))
    return session.say(...wording.farewell('closed', account, peer))
  }
  return { expectedLines: waves * perWave * 3.7, sessions: sessions() }
}
