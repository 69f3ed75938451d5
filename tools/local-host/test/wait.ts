import { setTimeout as delay } from 'node:timers/promises'

/** Asks again until the answer is not undefined or false; fails with `what` after the deadline (ms). */
export async function until<T>(what: string, ask: () => T | Promise<T>, deadline = 15_000): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + deadline
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
    if (Date.now() > end) throw new Error(`Not seen in ${deadline} ms: ${what}`)
    await delay(20)
  }
}
