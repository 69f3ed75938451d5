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

/** How many were under way at once at most, by the effects `<what> begins` and `<what> ends`. */
export function mostAtOnce(what: string, effects: readonly string[]): number {
  let [now, most] = [0, 0]
  for (const line of effects) {
    now += line === `${what} begins` ? 1 : line === `${what} ends` ? -1 : 0
    most = Math.max(most, now)
  }
  return most
}
