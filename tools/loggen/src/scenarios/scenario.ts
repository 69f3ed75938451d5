import type { Host } from '../hosts.ts'
import type { Random } from '../random.ts'
import type { Session } from '../sshd/session.ts'
import type { Label } from '../truth.ts'
import type { World } from '../world.ts'

/** A way of behaving towards sshd. To add one: a file here, and its line in index.ts. */
export interface Scenario {
  /** Stands in the truth file and in `mix`. */
  readonly kind: string
  /** `attack` when an analyst should be told of each actor, `benign` when a finding about it is a false alarm. */
  readonly label: Label
  /** Weight in the mix where the caller gives none, as a share of lines. */
  readonly weight: number
  /** The longest time from an actor's first line to its last, in ms; the log's span is given. Actors begin early enough to end within the span. */
  longestLife(spanMs: number): number
  plan(scene: Scene): Plan
}

/** What a scenario is given to plan one actor. */
export interface Scene {
  readonly world: World
  /** The actor's own stream of chance. */
  readonly random: Random
  /** When it appears, ms since the epoch. */
  readonly at: number
  readonly spanMs: number
  /** Lines that all actors of the kind share in the log. A small log wants small actors. */
  readonly budget: number
}

export interface Plan {
  /** An actor keeps to one host; whoever visits several is several actors. */
  readonly host: Host
  /** About how many lines it will write. Paces the arrivals; being wrong shifts times, never counts. */
  readonly expectedLines: number
  /** Connections in order of their first line. Pulled one at a time, when the log has got to the one before. */
  readonly sessions: Iterable<Session>
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
