import type { Session } from '../sshd/session.ts'
import type { Lack } from '../sshd/wording.ts'
import { Bot } from './attack-tool.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { HOUR, MINUTE, SECOND } from './scenario.ts'
import { moments } from './times.ts'

const offers: Readonly<Record<Lack, readonly [string, ...string[]]>> = {
  'key exchange method': ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1'],
  'host key type': ['ssh-dss', 'ssh-rsa,ssh-dss', 'ecdsa-sha2-nistp521'],
  cipher: ['aes128-cbc,3des-cbc,blowfish-cbc', 'arcfour256,arcfour128'],
  MAC: ['hmac-md5,hmac-sha1-96', 'hmac-ripemd160'],
}

/** Offers one outdated algorithm after the other, to learn what sshd takes and by that what it is. */
export const kexProbing: Scenario = {
  kind: 'kex_probing',
  attack: true,
  roles: { address: 'subject' },
  weight: 1.5,
  longestLife: () => HOUR,
  plan: planKexProbing,
}

function planKexProbing({ world, random, at, budget }: Scene): Plan {
  // OpenSSH 6.6 does not say who it was.
  const host = world.hostWhere(random, ({ sshd }) => sshd !== '6.6')
  const bot = new Bot(world.client(random), random)
  const lacks: readonly [Lack, ...Lack[]] = random.chance(0.5) ? ['host key type'] : ['key exchange method', 'host key type', 'cipher', 'MAC']
  const count = random.skewed(6, Math.min(80, Math.max(8, Math.floor(budget / 4))))
  const pace = Math.min(random.pick([0.2 * SECOND, SECOND, 10 * SECOND, MINUTE]), HOUR / count)

  function* sessions(): Generator<Session> {
    for (const time of moments(at, count, () => random.between(0.3, 1.7) * pace)) {
      const lack = random.pick(lacks)
      const session = bot.connect(host, time)
      yield session.say(session.wording.negotiation(lack, random.pick(offers[lack]), session.peer))
    }
  }
  return { expectedLines: count, sessions: sessions() }
}
