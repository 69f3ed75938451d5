import type { Random } from '../random.ts'
import type { Scene } from './scenario.ts'
import { DAY } from './scenario.ts'

/** `count` moments from `from` on, `gap` apart. */
export function* moments(from: number, count: number, gap: () => number): Generator<number> {
  let time = from
  for (let n = 0; n < count; n++, time += gap()) yield time
}

/** `count` moments anywhere within `length`, the first at once, in time order. */
export function scattered(random: Random, from: number, length: number, count: number): number[] {
  return [from, ...Array.from({ length: count - 1 }, () => from + random.between(0, length)).sort((a, b) => a - b)]
}

/** Where in the rest of the log a life of this length begins, all moments being alike. */
export function somewhen({ random, at, endMs }: Scene, lifeMs: number): number {
  return at + random.between(0, Math.max(0, endMs - at - lifeMs))
}

/** The hours in which somebody works, UTC. */
export interface Hours {
  /** ms after midnight. */
  readonly opens: number
  readonly length: number
}

/** Moments within the hours of most working days and few free ones, in time order; `perDay` is their greatest number a day. */
export function workingTimes(random: Random, from: number, until: number, { opens, length }: Hours, perDay: number): number[] {
  const times: number[] = []
  for (let midnight = Math.floor(from / DAY) * DAY; midnight < until; midnight += DAY) {
    const isFree = [0, 6].includes(new Date(midnight).getUTCDay())
    if (random.chance(isFree ? 0.92 : 0.06)) continue
    const count = random.int(1, perDay)
    for (let n = 0; n < count; n++) times.push(midnight + opens + random.between(0, length))
  }
  return times.filter((time) => time >= from && time < until).sort((a, b) => a - b)
}

/** When the life of somebody ends who is there from the log's first day on. */
export function lastMoment({ at, spanMs, endMs }: Scene): number {
  return Math.max(endMs, at + 0.9 * spanMs)
}

/** Midnight before the day on which somebody's habits are broken: late enough for them to be known, and after the history. */
export function strikeDay(scene: Scene): number {
  const { random, at, historyEndMs } = scene
  const length = lastMoment(scene) - at
  const earliest = Math.max(at + 0.65 * length, historyEndMs)
  return Math.ceil(random.between(earliest, Math.max(earliest, at + 0.88 * length)) / DAY) * DAY
}
