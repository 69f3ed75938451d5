import { personName } from '../names.ts'
import { Session } from '../sshd/session.ts'
import type { Peer } from '../sshd/wording.ts'
import type { Plan, Scenario, Scene } from './scenario.ts'
import { MINUTE, SECOND } from './scenario.ts'
import { somewhen } from './times.ts'

const nobody: Peer = { address: '', rhost: '', port: 0 }

/** What else a host writes into auth.log: cron, sudo, systemd-logind. No entity of it is to be judged. */
export const otherPrograms: Scenario = {
  kind: 'other_programs',
  attack: false,
  roles: {},
  weight: 4,
  longestLife: (span) => 0.9 * span,
  plan: planOtherPrograms,
}

function planOtherPrograms(scene: Scene): Plan {
  const { world, random, spanMs, budget } = scene
  const host = world.host(random)
  const count = random.skewed(20, Math.min(1000, Math.max(24, Math.floor(budget / 6))))
  const period = Math.min(10 * MINUTE, (0.9 * spanMs) / count)
  const begins = somewhen(scene, count * period)
  const by = (program: string, time: number) => {
    const session = new Session(host, nobody, random, time)
    session.program = program
    return session
  }
  function* sessions(): Generator<Session> {
    for (let n = 0; n < count; n++) {
      const time = begins + n * period
      const user = personName(random.int(0, Math.max(0, world.people - 1)))
      if (n % 5 === 1) yield comeAndGo(by('systemd-logind', time), user, 100 + n)
      else if (n % 5 === 3) yield by('sudo', time).say(`${user} : PWD=/home/${user} ; USER=root ; COMMAND=/usr/bin/id`, ...rootSession('sudo'))
      else yield by('CRON', time).say(...rootSession('cron'))
    }
  }
  return { expectedLines: count * 2.4, sessions: sessions() }
}

function comeAndGo(session: Session, user: string, number: number): Session {
  session.say(`New session ${number} of user ${user}.`).wait(SECOND, MINUTE)
  return session.say(`Session ${number} logged out. Waiting for processes to exit.`, `Removed session ${number}.`)
}

function rootSession(service: string): string[] {
  return ['opened', 'closed'].map((what) => `pam_unix(${service}:session): session ${what} for user root${what === 'opened' ? ' by (uid=0)' : ''}`)
}
