import { background } from './background.ts'
import { failThenSuccess } from './fail-then-success.ts'
import { fastBruteForce } from './fast-brute-force.ts'
import { legitimate } from './legitimate.ts'
import type { Scenario } from './scenario.ts'

/** All ways of behaving. Order matters only where two arrive in the same millisecond. */
export const scenarios: readonly Scenario[] = [
  background,
  legitimate,
  fastBruteForce,
  failThenSuccess,
]
