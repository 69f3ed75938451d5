import type { Random } from '../random.ts'
import type { Farewell } from '../sshd/wording.ts'
import { maxTries } from '../sshd/guessing.ts'

/** The habits of a guessing program; they stay the same as long as it runs. */
export interface AttackTool {
  readonly triesPerConnection: number
  readonly farewell: Farewell
}

export function attackTool(random: Random): AttackTool {
  return {
    triesPerConnection: random.pick([1, 1, 1, 2, 3, maxTries]),
    farewell: random.pick(['bye', 'bye', 'bye', 'closed', 'no_more_methods', 'jsch', 'reset']),
  }
}
