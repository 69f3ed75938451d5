import type { Instance } from './instances.ts'
import type { Try } from './step.ts'

/**
 * Which tries of one connection sshd logs (auth.c, auth_log): at VERBOSE all; at INFO failures by password, those of unknown users, and the
 * others from half of MaxAuthTries on. Keys are an exception: those of users that it does not know or does not let in it never looks at,
 * and the monitor does not count a key that was only asked about, so that INFO never tells of a refused key.
 */
export function logged(tries: readonly Try[], { verbose }: Instance, maxAuthTries = 6): Try[] {
  let failures = 0
  return tries.filter(({ attempt, method, user_valid }) => {
    if (attempt === 'auth_accepted') return true
    if (method === 'publickey') return verbose && user_valid
    const before = failures++
    return verbose || method === 'password' || !user_valid || before >= Math.floor(maxAuthTries / 2)
  })
}
