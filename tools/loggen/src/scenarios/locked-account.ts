import { planRefused } from './denied-account.ts'
import type { Scenario } from './scenario.ts'
import { HOUR, oneAddress } from './scenario.ts'

/** Keeps trying an account that has been locked. */
export const lockedAccount: Scenario = {
  kind: 'locked_account',
  attack: true,
  roles: oneAddress,
  weight: 2,
  longestLife: () => 3 * HOUR,
  plan: (scene) => planRefused(scene, 'locked'),
}
