import { accountTaken } from './account-taken.ts'
import { automation } from './automation.ts'
import { background } from './background.ts'
import { busyGateway } from './busy-gateway.ts'
import { deniedAccount } from './denied-account.ts'
import { distributedSubnet } from './distributed-subnet.ts'
import { distributedUser } from './distributed-user.ts'
import { enumeration } from './enumeration.ts'
import { fastBruteForce } from './fast-brute-force.ts'
import { firstAddress } from './first-address.ts'
import { forgottenPassword } from './forgotten-password.ts'
import { hostBurst } from './host-burst.ts'
import { irregularHours } from './irregular-hours.ts'
import { kexProbing } from './kex-probing.ts'
import { legitimate } from './legitimate.ts'
import { lockedAccount } from './locked-account.ts'
import { manyKeys } from './many-keys.ts'
import { mixedBot } from './mixed-bot.ts'
import { monitoring } from './monitoring.ts'
import { office } from './office.ts'
import { otherPrograms } from './other-programs.ts'
import { periodicTries } from './periodic-tries.ts'
import { preauthFatals } from './preauth-fatals.ts'
import { probes } from './probes.ts'
import { returningBruteForce } from './returning-brute-force.ts'
import { reverseDnsNoise } from './reverse-dns-noise.ts'
import { roamingUser } from './roaming-user.ts'
import { rootRefused } from './root-refused.ts'
import type { Scenario } from './scenario.ts'
import { sessionCloseFlood } from './session-close-flood.ts'
import { slowBruteForce } from './slow-brute-force.ts'
import { spraying } from './spraying.ts'
import { systemAccount } from './system-account.ts'
import { unusualHour } from './unusual-hour.ts'

/** All ways of behaving. Order matters only where two arrive in the same millisecond. */
export const scenarios: readonly Scenario[] = [
  background,
  legitimate,
  // Attacks
  fastBruteForce,
  slowBruteForce,
  returningBruteForce,
  periodicTries,
  spraying,
  enumeration,
  distributedUser,
  distributedSubnet,
  probes,
  kexProbing,
  preauthFatals,
  accountTaken,
  unusualHour,
  firstAddress,
  systemAccount,
  deniedAccount,
  lockedAccount,
  rootRefused,
  hostBurst,
  mixedBot,
  // What looks like one
  manyKeys,
  busyGateway,
  sessionCloseFlood,
  reverseDnsNoise,
  automation,
  office,
  forgottenPassword,
  irregularHours,
  roamingUser,
  monitoring,
  otherPrograms,
]
