import { knock } from '../sshd/knocking.ts'
import type { Session } from '../sshd/session.ts'
import type { Knock } from '../sshd/wording.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { MINUTE } from './scenario.ts'
import { somewhen } from './times.ts'

/** Monitoring that looks every so often whether the port answers, from `monitoringRange`, which is meant to be on the allow-list. */
export const monitoring: Scenario = {
  kind: 'monitoring',
  attack: false,
  roles: { address: 'subject' },
  weight: 4,
  longestLife: (span) => 0.9 * span,
  plan: planMonitoring,
}

function planMonitoring(scene: Scene): Plan {
  const { world, random, spanMs, budget } = scene
  const host = world.host(random)
  const bot = new Bot(world.monitor(), random)
  const how = random.pick<Knock>(['silent', 'silent', 'early_close'])
  const count = random.skewed(50, Math.min(2000, Math.max(60, Math.floor(budget / 3))))
  const period = Math.min(random.pick([30_000, MINUTE, 5 * MINUTE]), (0.9 * spanMs) / count)
  const begins = somewhen(scene, count * period)

  function* sessions(): Generator<Session> {
    for (let n = 0; n < count; n++) yield knock(bot.connect(host, begins + n * period + random.between(0, 400)), how)
  }
  return { expectedLines: count * (how === 'silent' ? 1.5 : 1), sessions: sessions() }
}
